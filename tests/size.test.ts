/** What a program carries: the portable entry stays below its budget, and what is not imported is left out. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inlinedCore } from "../src/wasm/inline.js";
import { inlinedKernels } from "../src/wasm/inline-kernels.js";
import { bundled } from "./support/bundle.js";

/** The bytes of a program over the wire: one script, minified, gzip at its best. */
async function wireBytes(program: string): Promise<number> {
  return gzipSync(await bundled(program, { minify: true }), { level: 9 }).length;
}

describe("what a program carries", () => {
  it("is below 20 KB for all of the portable entry, the inlined core included", async () => {
    const bytes = await wireBytes(`export * from "#index.ts";`);
    console.log(`portable entry: ${bytes} bytes minified and compressed`);
    // KB as for core.wasm: 1,024 bytes.
    expect(bytes).toBeLessThan(20 * 1024);
    // It is there: a bundle that left the core out would be small, too.
    expect(bytes).toBeGreaterThan(gzipSync(inlinedCore).length);
  });

  it.each([
    ["records.ts", "The stream ended within a record"],
    ["poll.ts", "Cannot poll the set of"],
    ["explain.ts", "answers came too late"],
    ["outflow.ts", "Cannot flush: a flush is under way"],
    ["resident.ts", "windows lie over the memory of this one"],
    ["pages.ts", "src/pages/"],
    ["adapters.ts", "it has neither Symbol.asyncIterator nor Symbol.iterator"],
  ])("leaves %s to its own entry", async (entry, mark) => {
    const portable = `export * from "#index.ts";`;
    expect(await bundled(portable)).not.toContain(mark);
    expect(await bundled(`export * from "#${entry}";`)).toContain(mark);
    const both = await wireBytes(`${portable} export * as more from "#${entry}";`);
    const more = both - (await wireBytes(portable));
    console.log(`${entry}: ${more} bytes more`);
    expect(more).toBeGreaterThan(0);
  });

  it("has one core, and no kernels where none is imported", async () => {
    const code = await bundled(`import { Arena } from "#index.ts"; Arena.create();`);
    expect(code.split(inlinedCore).length).toBe(2);
    expect(code).not.toContain(inlinedKernels);
  });

  it("has the faces of those kernels that are imported, and of no others", async () => {
    const code = await bundled(`import { countByte } from "#kernels.ts"; console.log(countByte);`);
    expect(code.split(inlinedKernels).length).toBe(2);
    expect(code).toContain(".countByte(");
    expect(code).not.toMatch(/statsAdd|convertSamples|findLiteral/);
  });

  it("is nothing for an import that is not used", async () => {
    expect(await bundled(`import { Arena, bytesSource } from "#index.ts"; console.log(1);`)).not.toContain(
      "WebAssembly",
    );
  });
});
