// Blue for 0 and below, orange for 1 and above; between them the ground of the page, light or dark.
const dark = matchMedia('(prefers-color-scheme: dark)');
const palettes = {
  light: { low: [66, 135, 205], middle: [250, 250, 252], high: [236, 134, 66], points: ['#1b5596', '#c04a08'], ink: '#1a202c', faint: '#d8dde5', text: '#4a5568' },
  dark: { low: [52, 116, 190], middle: [20, 23, 30], high: [212, 112, 40], points: ['#1d5fae', '#c75410'], ink: '#edf2f7', faint: '#333b49', text: '#a9b4c4' },
};

export const colors = () => dark.matches ? palettes.dark : palettes.light;
export const css = ([r, g, b], alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;
export const onThemeChange = action => dark.addEventListener('change', action);

/** The colour of each of the values 0 to 255, as pixels have it. */
export function table() {
  const { low, middle, high } = colors(), pixels = new Uint32Array(256), bytes = new Uint8Array(pixels.buffer);
  for (let value = 0; value < 256; value++) {
    const t = (value - 127.5) / 127.5, end = t < 0 ? low : high;
    for (let i = 0; i < 3; i++)
      bytes[4 * value + i] = Math.round(middle[i] + Math.abs(t) * (end[i] - middle[i]));
    bytes[4 * value + 3] = 255;
  }
  return pixels;
}
