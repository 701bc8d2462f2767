/** Values of options, as people write them. */
import { InvalidArgumentError } from "commander";
import { type PacketDescription, packetNamed } from "./input/packet.js";
import { bytesOf, wholeOf } from "./sizes.js";

/** An option's value as a whole number of `least` or more. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = wholeOf(text, least, most);
    if (value !== undefined) return value;
    const limits = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${limits}.`);
  };
}

/** An option's value as a number of bytes. */
export function size(text: string): number {
  const bytes = bytesOf(text);
  if (bytes === undefined) throw new InvalidArgumentError("It must be a number of bytes, as in 65536, 64KiB or 1MiB.");
  return bytes;
}

/** An option's value as a length of time. */
export function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 3600) return value;
  throw new InvalidArgumentError("It must be a number above 0, up to 3600.");
}

/** An option's value as a recording's length of time. */
export function length(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("It must be a number of seconds above 0.");
}

/** An option's value as a device's packets. */
export function packet(text: string): PacketDescription {
  try {
    return packetNamed(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** An option's value as a rate in Hz: a number, with k or M behind it if wanted, as in 44100, 48k or 2.4M. */
export function rate(text: string): number {
  const parts = /^(\d+(?:\.\d+)?(?:e\d+)?)\s*([kMG]?)(?:Hz)?$/i.exec(text);
  const factor = { "": 1, k: 1e3, m: 1e6, g: 1e9 }[(parts?.[2] ?? "").toLowerCase()] ?? 1;
  const value = Number(parts?.[1]) * factor;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("It must be a rate in Hz above 0, as in 44100, 48k or 2.4M.");
}

/** An option's value as a picture's size in pixels. */
export function pixels(text: string): { width: number; height: number } {
  const parts = /^(\d+)x(\d+)$/i.exec(text);
  const width = wholeOf(parts?.[1] ?? "", 400, 8000);
  const height = wholeOf(parts?.[2] ?? "", 300, 8000);
  if (width !== undefined && height !== undefined) return { width, height };
  throw new InvalidArgumentError("It must be a width and a height in pixels, as in 1400x860: 400x300 to 8000x8000.");
}
