import { onThemeChange } from './colors.js';
import { drawCurve, drawPlane, drawScale, refreshColors } from './plots.js';
import { Graph } from './graph.js';
import { showListing } from './listing.js';

const mostLayers = 4, mostUnits = 8, mostPoints = 500, milliseconds = 25;
const $ = id => document.getElementById(id);
const fields = ['activation', 'optimizer', 'rate', 'batch'];
const settings = new URLSearchParams();              // as the address has them; the library knows what they mean
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const graph = new Graph($('graph'), {
  onUnits: (layer, units) => begin({ hidden: hidden().with(layer, units) }),
  onSelect: name => { $('output-title').textContent = name; redraw(); },
});

let run = 0;                                         // counts beginnings: answers of an earlier one are dropped
let training = false, waiting = false, drawing = false, learned = false;
let scene = { cells: 0, from: -1, to: 1, points: [] }, frame = null, cursor = null;

const hidden = () => (settings.get('hidden') || '').split(',').filter(Boolean).map(Number);
const isDrawn = () => settings.get('data') === 'drawn';
const write = values => [...values].map(([name, value]) => `${name}=${value}`).join('&');

// What is asked of the worker, one thing at a time, and what it answers.

function begin(change) {
  for (const [name, value] of Object.entries(change))
    settings.set(name, value);
  start(write(settings));
}

function start(text) {
  run++;
  learned = false;
  worker.postMessage({ run, start: text, epochs: 0, milliseconds: 0 });
  waiting = true;
}

function train(epochs) {
  waiting = true;
  worker.postMessage({ run, epochs, milliseconds });
}

function trainOn() {
  if (!training || waiting || document.hidden)
    return;
  const speed = $('speed').value;
  train(speed === 'full' ? 1e9 : speed === 'slow' ? 1 : 1 + Math.floor(frame.epoch / 10));
}

worker.onerror = event => say(`The library could not be loaded: ${event.message || 'WebAssembly is needed'}.`);
worker.onmessage = ({ data }) => {
  if (data.ready) {
    for (const id of ['train', 'step', 'reset'])
      $(id).disabled = false;
    pause('Ready.');
    return start(location.hash.slice(1) || 'data=xor');
  }
  if (data.run !== run)
    return;
  waiting = false;
  if (data.error) {
    pause(data.error);
    if (!frame)
      start('data=xor');
    return;
  }
  if (data.settings)
    show(data);
  frame = data;
  tell();
  if ($('speed').value === 'full')
    trainOn();                                       // before drawing: both at once
  redraw();
};

// What is shown.

/** A new beginning: the form, the network, the points. */
function show({ settings: text, scene: [cells, from, to, ...points] }) {
  for (const name of [...settings.keys()])
    settings.delete(name);
  for (const [name, value] of new URLSearchParams(text))
    settings.set(name, value);
  history.replaceState(null, '', `#${text}`);
  document.querySelector(`input[name=data][value=${settings.get('data')}]`).checked = true;
  for (const id of fields) {
    const value = settings.get(id);
    if (![...$(id).options].some(option => option.value === value))
      $(id).add(new Option(value));
    $(id).value = value;
  }
  scene = { cells, from, to, points: [] };
  for (let i = 0; i < points.length; i += 3)
    scene.points.push(points.slice(i, i + 3));
  graph.build(hidden(), mostUnits);
  const count = hidden().length;
  $('layers').textContent = `${count} hidden layer${count === 1 ? '' : 's'}`;
  $('fewer').disabled = count === 0;
  $('more').disabled = count === mostLayers;
  $('tools').hidden = !isDrawn();
  $('plane').tabIndex = isDrawn() ? 0 : -1;
  $('plane').setAttribute('role', isDrawn() ? 'application' : 'img');
  $('plane').classList.toggle('canvas', isDrawn());
  $('invitation').hidden = scene.points.length > 0;
  const isEmpty = scene.points.length === 0;
  if (isEmpty)
    pause('There is nothing to learn yet.');
  else if ($('train').disabled)
    say('Ready.');
  $('train').disabled = $('step').disabled = isEmpty;
}

function tell() {
  const { epoch, loss, accuracy, listing } = frame, none = epoch === 0;
  $('epoch').textContent = epoch.toLocaleString('en');
  $('loss').textContent = none ? '–' : loss < 1e-9 ? '0' : loss < 0.001 ? loss.toExponential(1) : loss.toFixed(4);
  $('accuracy').textContent = none ? '–' : `${Math.floor(1000 * accuracy) / 10} %`;
  if (!none && accuracy === 1 && loss < 0.01 && !learned) {
    learned = true;
    pause(`Learned: after ${epoch.toLocaleString('en')} epochs every point is on its side. Train goes on from here.`);
  }
  if (getSelection().isCollapsed)
    showListing($('code'), listing);                 // never under the reader's selection
}

function redraw() {
  if (drawing || !frame)
    return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    graph.draw(frame.responses, scene.cells, frame.parameters);
    drawPlane($('plane'), graph.response(), scene, document.activeElement === $('plane') ? cursor : null);
    drawCurve($('curve'), frame.curve, frame.epoch, frame.loss);
    trainOn();
  });
}

const say = text => { $('message').textContent = text; };

function pause(text) {
  training = false;
  $('train').textContent = 'Train';
  say(text);
}

// What one can do.

$('train').addEventListener('click', () => {
  if (training)
    return pause('Paused.');
  training = true;
  $('train').textContent = 'Pause';
  say('Training.');
  trainOn();
});
$('step').addEventListener('click', () => { pause('One epoch.'); train(1); });
$('reset').addEventListener('click', () => { pause('From the first weights again.'); begin({}); });
$('seed').addEventListener('click', () => begin({ seed: +settings.get('seed') + 1 }));
$('fewer').addEventListener('click', () => begin({ hidden: hidden().slice(0, -1) }));
$('more').addEventListener('click', () => begin({ hidden: [...hidden(), hidden().at(-1) ?? 4] }));
$('data').addEventListener('change', event => start(`data=${event.target.value}`));      // with what suits it
for (const id of fields)
  $(id).addEventListener('change', () => begin({ [id]: $(id).value }));
$('speed').addEventListener('change', () => trainOn());
$('copy').addEventListener('click', async () => {
  const text = $('code').textContent;
  try {
    await navigator.clipboard.writeText(text);
    $('copy').textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren($('code'));     // where a page may not write there: chosen, ready for the reader's own key
    $('copy').textContent = 'Selected';
  }
  setTimeout(() => { $('copy').textContent = 'Copy'; }, 1500);
});
addEventListener('hashchange', () => { if (location.hash.slice(1) !== write(settings)) start(location.hash.slice(1)); });
document.addEventListener('visibilitychange', () => trainOn());
new ResizeObserver(redraw).observe($('plane'));
onThemeChange(() => { refreshColors(); drawScale($('scale')); redraw(); });
drawScale($('scale'));

// Drawing points: by mouse and finger, and by keys.

const drawn = () => (settings.get('points') || '').split(',').filter(Boolean).map(Number);

function add(x, y) {
  const points = drawn(), last = points.slice(-3), at = [x, y].map(value => Math.max(-100, Math.min(100, Math.round(100 * value))));
  if (points.length >= 3 * mostPoints)
    return say(`${mostPoints} points are enough.`);
  if (last.length && Math.hypot(last[0] - at[0], last[1] - at[1]) < 5)
    return;
  begin({ points: [...points, ...at, document.querySelector('input[name=brush]:checked').value] });
}

function addAt(event) {
  const box = $('plane').getBoundingClientRect();
  add(2 * (event.clientX - box.left) / box.width - 1, 1 - 2 * (event.clientY - box.top) / box.height);
}

$('plane').addEventListener('pointerdown', event => {
  if (!isDrawn())
    return;
  cursor = null;
  $('plane').setPointerCapture(event.pointerId);
  addAt(event);
});
$('plane').addEventListener('pointermove', event => {
  if (isDrawn() && $('plane').hasPointerCapture(event.pointerId))
    addAt(event);
});
$('plane').addEventListener('keydown', event => {
  if (!isDrawn())
    return;
  const move = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
  if (move)
    cursor = (cursor ?? [0, 0]).map((value, i) => Math.max(-1, Math.min(1, value + move[i])));
  else if (event.key === ' ' || event.key === 'Enter')
    add(...(cursor ??= [0, 0]));
  else
    return;
  event.preventDefault();
  redraw();
});
$('plane').addEventListener('blur', redraw);
$('undo').addEventListener('click', () => begin({ points: drawn().slice(0, -3) }));
$('clear').addEventListener('click', () => begin({ points: '' }));
