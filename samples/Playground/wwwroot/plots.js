import { colors, css, table } from './colors.js';

let lookup = table();
export const refreshColors = () => { lookup = table(); };

/** Makes a canvas as fine as the screen; returns its context, in units of the page. */
export function fit(canvas, width, height) {
  const ratio = devicePixelRatio || 1, w = Math.round(width * ratio), h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h)
    [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** One neuron's response: cells × cells bytes, pixel for pixel. */
export function drawResponse(canvas, bytes, cells) {
  if (canvas.width !== cells)
    canvas.width = canvas.height = cells;
  const context = canvas.getContext('2d'), image = context.createImageData(cells, cells), pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = lookup[bytes[i]];
  context.putImageData(image, 0, 0);
}

const small = document.createElement('canvas');

/** A response over the whole plane, with the points on it and, while one draws by keys, a cross. */
export function drawPlane(canvas, bytes, scene, cursor) {
  const side = canvas.clientWidth, context = fit(canvas, side, side), { points, ink } = colors();
  if (bytes) {
    drawResponse(small, bytes, scene.cells);
    context.imageSmoothingQuality = 'high';
    context.drawImage(small, 0, 0, side, side);
  }
  const radius = scene.points.length > 30 ? Math.max(3, side / 100) : side / 36, place = v => (v - scene.from) / (scene.to - scene.from) * side;
  context.lineWidth = radius > 6 ? 2.5 : 1.25;
  context.strokeStyle = '#fff';
  for (const [x, y, color] of scene.points) {
    context.beginPath();
    context.arc(place(x), side - place(y), radius, 0, 2 * Math.PI);
    context.fillStyle = points[color];
    context.fill();
    context.stroke();
  }
  if (cursor) {
    const [x, y] = [place(cursor[0]), side - place(cursor[1])];
    context.strokeStyle = ink;
    context.beginPath();
    context.moveTo(x - 10, y); context.lineTo(x + 10, y); context.moveTo(x, y - 10); context.lineTo(x, y + 10);
    context.stroke();
  }
}

export function drawScale(canvas) {
  [canvas.width, canvas.height] = [256, 1];
  const context = canvas.getContext('2d'), image = context.createImageData(256, 1);
  new Uint32Array(image.data.buffer).set(lookup);
  context.putImageData(image, 0, 0);
}

/** The loss from the first epoch to the last; curve[0] says how many epochs lie between two values. */
export function drawCurve(canvas, [every, ...losses], epoch, loss) {
  const width = canvas.clientWidth, height = canvas.clientHeight, context = fit(canvas, width, height), { ink, faint, text, high } = colors();
  const left = 34, right = width - 10, top = 8, bottom = height - 20, last = Math.max(epoch, 2);
  const greatest = losses.reduce((a, b) => Math.max(a, b), 0.1), step = [0.05, 0.1, 0.2, 0.5, 1, 2, 5].find(s => greatest / s <= 4) ?? greatest / 3;
  const highest = Math.ceil(greatest / step) * step;
  const x = e => left + (e - 1) / (last - 1) * (right - left), y = l => bottom - l / highest * (bottom - top);
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = text;
  context.strokeStyle = faint;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (let l = 0; l <= highest + 1e-9; l += step) {
    context.beginPath(); context.moveTo(left, y(l)); context.lineTo(right, y(l)); context.stroke();
    context.fillText(String(+l.toFixed(2)), left - 6, y(l));
  }
  context.textBaseline = 'alphabetic';
  context.fillText(`epoch ${last.toLocaleString('en')}`, right, height - 4);
  context.textAlign = 'left';
  context.fillText('1', left, height - 4);
  if (losses.length === 0)
    return;
  context.strokeStyle = ink;
  context.lineWidth = 1.75;
  context.lineJoin = 'round';
  context.beginPath();
  losses.forEach((value, i) => context.lineTo(x(1 + i * every), y(value)));
  context.lineTo(x(epoch), y(loss));
  context.stroke();
  context.fillStyle = css(high);
  context.beginPath();
  context.arc(x(epoch), y(loss), 3.5, 0, 2 * Math.PI);
  context.fill();
}
