/** Numbers of bytes, as people write and read them. */

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** The bytes of "65536", "64K", "64KiB" or "1.5MiB"; undefined for what is none. All units are powers of 1024. */
export function bytesOf(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text);
  if (!parts) return undefined;
  const power = "BKMGT".indexOf((parts[2] || "B").toUpperCase());
  const bytes = Number(parts[1]) * 1024 ** power;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The whole number that a text is, from `least` to `most`; undefined for what is none. */
export function wholeOf(text: string, least: number, most: number): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** As in "1.21 GiB". */
export function readableBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}
