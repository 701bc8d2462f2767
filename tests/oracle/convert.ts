/** Converting samples as sample.ts defines it, one sample at a time. */

/** A format by its number: bits, whether it has a sign, whether it is a float. */
export const formats = [
  { name: "u8", bytes: 1, float: false, lowest: 0, highest: 255, half: 128 },
  { name: "s8", bytes: 1, float: false, lowest: -128, highest: 127, half: 128 },
  { name: "s16", bytes: 2, float: false, lowest: -32768, highest: 32767, half: 32768 },
  { name: "s24", bytes: 3, float: false, lowest: -8388608, highest: 8388607, half: 8388608 },
  { name: "s32", bytes: 4, float: false, lowest: -2147483648, highest: 2147483647, half: 2147483648 },
  { name: "f32", bytes: 4, float: true, lowest: 0, highest: 0, half: 1 },
  { name: "f64", bytes: 8, float: true, lowest: 0, highest: 0, half: 1 },
] as const;

export type FormatRow = (typeof formats)[number];

export const BIG = 8;

export const profiles = ["none", "power of two", "full scale"] as const;

export type ProfileName = (typeof profiles)[number];

/** Half to even. */
export const roundEven = (x: number): number =>
  Math.abs(x) >= 2 ** 52 ? x : x - Math.floor(x) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);

export const decode = (f: FormatRow, profile: ProfileName, n: number): number => {
  if (f.float || profile === "none") return n;
  if (profile === "full scale") return f.name === "u8" ? n / 127.5 - 1 : n / f.highest;
  return (n - (f.name === "u8" ? 128 : 0)) / f.half;
};

const clip = (f: FormatRow, n: number): number => (Number.isNaN(n) ? 0 : Math.max(f.lowest, Math.min(f.highest, n)));

export const encode = (f: FormatRow, profile: ProfileName, x: number): number => {
  if (f.float) return f.name === "f32" ? Math.fround(x) : x;
  if (profile === "none") return clip(f, roundEven(x));
  if (profile === "full scale") return clip(f, roundEven(f.name === "u8" ? (x + 1) * 127.5 : x * f.highest));
  return clip(f, roundEven(x * f.half) + (f.name === "u8" ? 128 : 0));
};

/** The sample at `at`, unscaled. `format`: a row's index, plus `BIG`. */
export const read = (view: DataView, at: number, format: number): number => {
  const little = (format & BIG) === 0;
  switch (format & 7) {
    case 0:
      return view.getUint8(at);
    case 1:
      return view.getInt8(at);
    case 2:
      return view.getInt16(at, little);
    case 3:
      return little
        ? view.getUint16(at, true) + view.getInt8(at + 2) * 65536
        : view.getInt8(at) * 65536 + view.getUint16(at + 1, false);
    case 4:
      return view.getInt32(at, little);
    case 5:
      return view.getFloat32(at, little);
    default:
      return view.getFloat64(at, little);
  }
};

/** Stores an unscaled sample. */
export const write = (view: DataView, at: number, format: number, n: number): void => {
  const little = (format & BIG) === 0;
  const kind = format & 7;
  if (kind === 0) view.setUint8(at, n);
  else if (kind === 1) view.setInt8(at, n);
  else if (kind === 2) view.setInt16(at, n, little);
  else if (kind === 4) view.setInt32(at, n, little);
  else if (kind === 5) view.setFloat32(at, n, little);
  else if (kind === 6) view.setFloat64(at, n, little);
  else {
    view.setUint16(at + (little ? 0 : 1), n & 0xffff, little);
    view.setInt8(at + (little ? 2 : 0), n >> 16);
  }
};
