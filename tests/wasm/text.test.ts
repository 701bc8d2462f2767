/** Modules carried as text: what is written is what is read, and it stays one string literal in any quotes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOfBytes } from "../../scripts/inline/text.mjs";
import { inlinedCore } from "../../src/wasm/inline.js";
import { inlinedKernels } from "../../src/wasm/inline-kernels.js";
import { bytesOfText } from "../../src/wasm/text.js";

describe("bytes as text", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (bytes) => {
        expect(bytesOfText(textOfBytes(bytes))).toEqual(bytes);
      }),
    );
  });

  it("come back for every byte beside every other", () => {
    const bytes = Uint8Array.from({ length: 2 ** 17 }, (_, i) => (i & 1 ? i >>> 9 : i >>> 1));
    expect(bytesOfText(textOfBytes(bytes))).toEqual(bytes);
  });

  it("use no character that a string literal escapes", () => {
    for (const text of [inlinedCore, inlinedKernels]) expect(text).toMatch(/^[ !#%&(-[\]-_a-~]+$/);
  });
});
