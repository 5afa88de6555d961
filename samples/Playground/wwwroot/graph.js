import { colors, css } from './colors.js';
import { drawResponse, fit } from './plots.js';

const size = 38, gap = 8, head = 38;

/** The network: a button with a picture for each neuron, columns of them, and lines between the columns. */
export class Graph {
  constructor(element, { onUnits, onSelect }) {
    Object.assign(this, { element, onUnits, onSelect, sizes: [], neurons: [] });
    new ResizeObserver(() => { this.place(); this.redraw(); }).observe(element);
  }

  /** Builds it anew: 2 inputs, the hidden layers, 1 output. */
  build(hidden, mostUnits) {
    const sizes = [2, ...hidden, 1];
    if (sizes.join() === this.sizes.join())
      return;
    const focused = document.activeElement?.dataset?.layer;
    this.sizes = sizes;
    this.neurons = [];
    this.lines = document.createElement('canvas');
    this.element.replaceChildren(this.lines);
    this.heads = sizes.map((units, layer) => {
      const isHidden = layer > 0 && layer < sizes.length - 1;
      const top = document.createElement(isHidden ? 'select' : 'span');
      top.className = 'head';
      if (isHidden) {
        top.dataset.layer = layer;
        top.setAttribute('aria-label', `Units of hidden layer ${layer}`);
        for (let n = 1; n <= mostUnits; n++)
          top.add(new Option(n, n, n === units, n === units));
        top.addEventListener('change', () => this.onUnits(layer - 1, +top.value));
      } else {
        top.textContent = layer === 0 ? 'In' : 'Out';
      }
      this.element.append(top);
      for (let unit = 0; unit < units; unit++) {
        const button = document.createElement('button'), picture = document.createElement('canvas'), index = this.neurons.length;
        button.type = 'button';
        button.className = 'neuron';
        const name = layer === 0 ? `Input ${unit + 1}` : isHidden ? `Layer ${layer}, neuron ${unit + 1}` : 'Output';
        button.setAttribute('aria-label', name);
        button.title = name;
        button.append(picture);
        button.addEventListener('click', () => this.select(index === this.selected ? this.neurons.length - 1 : index));
        this.element.append(button);
        this.neurons.push({ button, picture, layer, unit, name });
      }
      return top;
    });
    this.element.querySelector(`[data-layer="${focused}"]`)?.focus();
    this.place();
    this.select(this.neurons.length - 1);
  }

  select(index) {
    this.selected = index;
    this.neurons.forEach(({ button }, i) => button.setAttribute('aria-pressed', i === index));
    this.onSelect(this.neurons[index].name);
  }

  place() {
    const width = this.element.clientWidth, most = Math.max(...this.sizes), height = head + most * (size + gap);
    const column = layer => (width - size) * (this.sizes.length > 1 ? layer / (this.sizes.length - 1) : 0);
    this.element.style.height = `${height}px`;
    this.heads?.forEach((top, layer) => { top.style.left = `${column(layer) + size / 2}px`; });
    for (const neuron of this.neurons) {
      neuron.x = column(neuron.layer);
      neuron.y = head + (most - this.sizes[neuron.layer]) * (size + gap) / 2 + neuron.unit * (size + gap);
      Object.assign(neuron.button.style, { left: `${neuron.x}px`, top: `${neuron.y}px` });
    }
  }

  /** @param parameters for each layer its weights, [inputs, units], then its biases */
  draw(responses, cells, parameters) {
    [this.responses, this.cells, this.parameters] = [responses, cells, parameters];
    this.redraw();
  }

  redraw() {
    if (!this.responses)
      return;
    this.neurons.forEach(({ picture }, i) => drawResponse(picture, this.response(i), this.cells));
    const context = fit(this.lines, this.element.clientWidth, this.element.clientHeight), { low, high } = colors();
    let at = 0, from = 0;
    for (let layer = 1; layer < this.sizes.length; layer++) {
      const inputs = this.sizes[layer - 1], units = this.sizes[layer], to = from + inputs;
      const weights = this.parameters.slice(at, at + inputs * units), greatest = weights.reduce((a, w) => Math.max(a, Math.abs(w)), 1e-6);
      weights.forEach((weight, i) => {
        const a = this.neurons[from + Math.floor(i / units)], b = this.neurons[to + i % units], strength = Math.abs(weight) / greatest;
        const [x1, y1, x2, y2] = [a.x + size, a.y + size / 2, b.x, b.y + size / 2], middle = (x1 + x2) / 2;
        context.strokeStyle = css(weight < 0 ? low : high, 0.15 + 0.75 * strength);
        context.lineWidth = 0.5 + 3 * strength;
        context.beginPath();
        context.moveTo(x1, y1);
        context.bezierCurveTo(middle, y1, middle, y2, x2, y2);
        context.stroke();
      });
      at += inputs * units + units;
      from = to;
    }
  }

  response(index = this.selected) {
    const length = this.cells * this.cells;
    return this.responses?.subarray(index * length, (index + 1) * length);
  }
}
