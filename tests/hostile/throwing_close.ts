/** Cannot be closed, and counts how often that was tried. */
import { bytesSource, type Source } from "../../src/index.js";

export function throwingClose(content: Uint8Array): Source & { closes: number } {
  const source = {
    ...bytesSource(content),
    name: "the source that will not close",
    closes: 0,
    close() {
      source.closes++;
      throw new Error("it will not close");
    },
  };
  return source;
}
