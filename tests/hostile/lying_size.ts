/** Says that it has another size than it has. */
import { bytesSource, type Source } from "../../src/index.js";

export function lyingSize(content: Uint8Array, size: number): Source {
  return { ...bytesSource(content), name: "the liar", size };
}
