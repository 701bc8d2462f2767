/**
 * The waterfall: an image whose rows go round. A new row takes the oldest one's place, and the image is put on the canvas in two
 * parts, the newest on top: nothing is moved, and nothing is made for a frame. The codes are kept, so that other colours can be
 * given to all that is shown.
 */
import { fillPalette } from "./palette.js";
import { bins, floorDb, row, rowFlags, topDb } from "./shape.js";
import { colours, isLight } from "./theme.js";

/** A code beyond the palette: nothing was there. */
const nothing = 0x100;
/** And one more: it was lost. */
const lost = 0x101;

export function makeWaterfall(canvas, scale) {
  const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  const table = new Uint32Array(258);
  let rows = 0;
  let codes = new Uint16Array(0);
  let image;
  let pixels = new Uint32Array(0);
  let head = 0;
  let stale = true;

  function paint(y) {
    const to = (y + 1) * bins;
    for (let i = y * bins; i < to; i++) pixels[i] = table[codes[i]];
  }

  function resize(height) {
    rows = height;
    codes = new Uint16Array(rows * bins).fill(nothing);
    image = new ImageData(bins, rows);
    pixels = new Uint32Array(image.data.buffer);
    Object.assign(canvas, { width: bins, height: rows });
    head = 0;
    for (let y = 0; y < rows; y++) paint(y);
    stale = true;
  }

  return {
    get rows() {
      return rows;
    },
    /** Makes place for so many rows; what was there is gone. */
    resize,
    clear() {
      resize(rows);
    },
    /** Colours for strengths from `low` to `high` dB. */
    colour(low, high) {
      fillPalette(table, isLight(), low, high);
      table[nothing] = pixelOf(colours.sunk);
      table[lost] = pixelOf(colours.gap);
      for (let y = 0; y < rows; y++) paint(y);
      drawScale(scale, table, low, high);
      stale = true;
    },
    /** Takes a row from `bytes` at `at`. */
    take(bytes, at) {
      const flags = bytes[at + row.flags];
      if (flags & rowFlags.clear) resize(rows);
      let y = head;
      if (flags & rowFlags.placed) {
        y = bytes[at + row.place] + 256 * bytes[at + row.place + 1];
        if (y >= rows) return;
      } else y = head = (head === 0 ? rows : head) - 1;
      const begin = y * bins;
      const gap = flags & rowFlags.gap;
      for (let i = 0; i < bins; i++) codes[begin + i] = gap ? lost : bytes[at + row.codes + i];
      paint(y);
      stale = true;
    },
    draw() {
      if (!stale) return;
      stale = false;
      pen.putImageData(image, 0, -head, 0, head, bins, rows - head);
      if (head > 0) pen.putImageData(image, 0, rows - head, 0, 0, bins, head);
    },
  };
}

/** The pixel of a style's colour. */
function pixelOf(colour) {
  const dot = new OffscreenCanvas(1, 1).getContext("2d");
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  const [r, g, b] = dot.getImageData(0, 0, 1, 1).data;
  return (255 << 24) | (b << 16) | (g << 8) | r;
}

function drawScale(canvas, table, low, high) {
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(256, 1);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < 256; i++) {
    const decibels = low + ((high - low) * i) / 255;
    pixels[i] = table[Math.round(Math.min(255, Math.max(0, (decibels - floorDb) / ((topDb - floorDb) / 255))))];
  }
  pen.putImageData(image, 0, 0);
}
