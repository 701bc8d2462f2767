/** Compiling modules: those carried as text, those handed in, and what to say where the host does not let anything be compiled. */
import { Fault, Unsupported } from "../fault.js";
import { bytesOfText } from "./text.js";

/** What a module can be made from: a compiled module, its bytes, or the response that carries them. */
export type ModuleLike = WebAssembly.Module | BufferSource | Response;

/**
 * What compiles the module behind a text, once, when it is first asked for. It throws `unsupported` where the host forbids
 * it. Not asynchronous: a module this small is compiled in a fraction of a millisecond, and all hosts allow that.
 */
export function compiler(text: string): () => WebAssembly.Module {
  let compiled: WebAssembly.Module | undefined;
  return () => {
    compiled ??= compile(bytesOfText(text));
    return compiled;
  };
}

/** The module of these bytes; throws `unsupported` where the host forbids compiling. */
export function compile(module: WebAssembly.Module | BufferSource): WebAssembly.Module {
  if (module instanceof WebAssembly.Module) return module;
  try {
    return new WebAssembly.Module(module);
  } catch (error) {
    throw refusal(error);
  }
}

/** As `compile`, without holding up the program, and from a response too. */
export async function compileAny(module: ModuleLike): Promise<WebAssembly.Module> {
  const source = isResponse(module) ? await bytesOfResponse(module) : module;
  if (source instanceof WebAssembly.Module) return source;
  try {
    return await WebAssembly.compile(source);
  } catch (error) {
    throw refusal(error);
  }
}

function isResponse(module: ModuleLike): module is Response {
  return typeof Response !== "undefined" && module instanceof Response;
}

/** Not compiled while it arrives: that would need the right media type, which many a server does not send. */
function bytesOfResponse(response: Response): Promise<ArrayBuffer> {
  if (response.ok) return response.arrayBuffer();
  const { status, url } = response;
  throw new Fault("bad-argument", `Cannot load the module: ${url || "the response"} has status ${status}.`, { status });
}

/** A module's first eight bytes, which are a whole module. */
const smallest = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/** Why compiling failed: hosts that forbid it say so in errors of different types, but they forbid the smallest module too. */
function refusal(error: unknown): unknown {
  try {
    new WebAssembly.Module(smallest);
    return error;
  } catch {
    return new Unsupported(
      `This host forbids compiling WebAssembly. On a page, allow it: 'wasm-unsafe-eval' in the script-src of its Content-Security-Policy. On an edge host, import "forebay/core.wasm" as a WebAssembly.Module and hand it in: Arena.create({ module }).`,
      {},
      error,
    );
  }
}
