/**
 * Colours of strengths, made in Oklab, so that equal steps of strength look like equal steps of lightness: from the page's ground
 * through blue, teal and yellow in the dark; in the light the other way round, to ink.
 */
import { decibelsOf } from "./shape.js";

/** `[lightness, chroma, hue in degrees]` at equal distances; lightness in equal steps. */
const dark = [
  [0.14, 0.02, 250],
  [0.3, 0.1, 275],
  [0.46, 0.12, 230],
  [0.62, 0.11, 180],
  [0.78, 0.14, 130],
  [0.94, 0.15, 100],
];
const light = [
  [0.97, 0.008, 230],
  [0.83, 0.06, 200],
  [0.69, 0.1, 220],
  [0.55, 0.13, 255],
  [0.41, 0.14, 285],
  [0.27, 0.11, 310],
];

function fromOklch([lightness, chroma, hue]) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((value) => {
    const held = Math.min(1, Math.max(0, value));
    return Math.round(255 * (held <= 0.0031308 ? 12.92 * held : 1.055 * held ** (1 / 2.4) - 0.055));
  });
}

function at(stops, part) {
  const place = Math.min(1, Math.max(0, part)) * (stops.length - 1);
  const before = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[before], stops[before + 1]];
  return fromOklch(from.map((value, i) => value + (place - before) * (to[i] - value)));
}

/** Fills `table`, the pixels of the codes 0 to 255, for strengths from `low` to `high` dB. */
export function fillPalette(table, isLight, low, high) {
  const stops = isLight ? light : dark;
  for (let code = 0; code < 256; code++) {
    const [r, g, b] = at(stops, (decibelsOf(code) - low) / (high - low));
    table[code] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
}
