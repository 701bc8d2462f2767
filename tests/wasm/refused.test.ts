/** Hosts that forbid compiling, and modules that are none: what is said. */
import { createContext, runInContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Arena, Unsupported } from "../../src/index.js";
import { bundled } from "../support/bundle.js";
import { coreOf } from "../support/core.js";

const { wasm } = coreOf("release");

/** The code and message of what was thrown over there, and its cause's name. */
interface Refused {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly cause: string;
}

describe("a host that forbids compiling", async () => {
  const program = await bundled(`export { Arena } from "#index.ts";`, { format: "iife" });
  // A real one: this context of the engine refuses to compile WebAssembly, as a page or an edge host does.
  const context = createContext(
    { TextDecoder, Response, AbortController, setImmediate, wasm },
    { codeGeneration: { wasm: false } },
  );
  runInContext(program, context);
  const facts = "(({ name, code, message, cause }) => ({ name, code, message, cause: cause.name }))";

  it.each([
    ["the inlined module", "bundle.Arena.create()"],
    ["the inlined module, at once", "(async () => bundle.Arena.createSync())()"],
    ["bytes", "bundle.Arena.create({ module: wasm })"],
    ["bytes, at once", "(async () => bundle.Arena.createSync({ module: wasm }))()"],
    ["a response", "bundle.Arena.create({ module: new Response(wasm) })"],
  ])("says what to do: %s", async (_, made) => {
    const refused: Refused = await runInContext(`${made}.then(() => "made", ${facts})`, context);
    expect({ ...refused }).toEqual({
      name: "Unsupported",
      code: "unsupported",
      message: expect.stringMatching(/wasm-unsafe-eval.*forebay\/core\.wasm.*Arena\.create\(\{ module \}\)/),
      cause: "CompileError",
    });
  });
});

describe("a module that is none", () => {
  it("is the host's error, where the host would compile one", async () => {
    const broken = wasm.slice(0, 100);
    await expect(Arena.create({ module: broken })).rejects.toThrow(WebAssembly.CompileError);
    expect(() => Arena.createSync({ module: broken })).toThrow(WebAssembly.CompileError);
  });

  it("is named with its status where it is a response that failed", async () => {
    const missing = new Response("<h1>Not found</h1>", { status: 404 });
    const message = "Cannot load the module: the response has status 404.";
    await expect(Arena.create({ module: missing })).rejects.toMatchObject({ code: "bad-argument", message });
  });

  it("may be served as any media type", async () => {
    const response = new Response(wasm, { headers: { "content-type": "application/octet-stream" } });
    expect((await Arena.create({ module: response })).used).toBe(0);
  });
});

afterEach(() => vi.unstubAllGlobals());

it("a host without WebAssembly is told so", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  await expect(Arena.create()).rejects.toThrow(Unsupported);
  expect(() => Arena.createSync()).toThrow("This host has no WebAssembly.");
});
