/** Gives a byte at a time, however many are asked for. */
import type { Source } from "../../src/index.js";
import { chunkedSource } from "./chunked_source.js";

export function oneByteSource(content: Uint8Array): Source {
  return chunkedSource(content, [1]);
}
