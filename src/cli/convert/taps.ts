/** Filter taps from a file, as packages that design filters write them. */
import { readFileSync } from "node:fs";
import { Fault } from "../../fault.js";

/** The taps: an array in JSON, or the array `taps` or `b` of an object; else numbers apart by blanks, commas or lines, # begins a comment. */
export function readTaps(path: string): number[] {
  const text = readFileSync(path, "utf8");
  const taps = /^\s*[[{]/.test(text) ? fromJson(path, text) : fromText(path, text);
  if (taps.length === 0) throw new Fault("bad-argument", `${path} has no taps: numbers are expected`);
  return taps;
}

function fromJson(path: string, text: string): number[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Fault("bad-argument", `${path} is no JSON: ${(error as Error).message}`);
  }
  const found = Array.isArray(value) ? value : ((value as { taps?: unknown }).taps ?? (value as { b?: unknown }).b);
  if (Array.isArray(found) && found.every((tap) => typeof tap === "number")) return found;
  throw new Fault("bad-argument", `${path} must be an array of numbers, or an object with one as "taps"`);
}

function fromText(path: string, text: string): number[] {
  const taps: number[] = [];
  for (const [line, content] of text.split(/\r?\n/).entries()) {
    const words = content.replace(/#.*/, "").split(/[\s,;]+/);
    for (const word of words.filter((part) => part !== "")) {
      const tap = Number(word);
      if (!Number.isFinite(tap)) throw new Fault("bad-argument", `${path}, line ${line + 1}: "${word}" is no number`);
      taps.push(tap);
    }
  }
  return taps;
}
