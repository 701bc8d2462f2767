/** The operators' exports over an arena's memory: the inlined module, instantiated when it is first asked for. */
import { compile } from "./compile.js";
import type { Core } from "./core.js";
import { inlinedSignal } from "./inline-signal.js";
import type { SignalExports } from "./signal-exports.js";
import { bytesOfText } from "./text.js";

const privately: { module?: WebAssembly.Module } = {};
const sharing: { module?: WebAssembly.Module } = {};

/** One instance a core: all it knows is in the memory. */
const instances = new WeakMap<Core, SignalExports>();

/** The raw exports of signal.wasm over the memory of `core`. Throws `unsupported` where the host forbids compiling. */
export function signalOf(core: Core): SignalExports {
  const known = instances.get(core);
  if (known) return known;
  const { memory } = core.memory;
  const kept = isShared(memory) ? sharing : privately;
  kept.module ??= compile(bytesOver(memory));
  return useSignal(core, kept.module);
}

/** As `signalOf`, with signal.wasm (over shared memory signal.shared.wasm) handed in, where the host forbids compiling. */
export function useSignal(core: Core, module: WebAssembly.Module): SignalExports {
  const { memory } = core.memory;
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as SignalExports;
  instances.set(core, exports);
  return exports;
}

function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
}

/** `env.memory`, imported as a memory that has a most. */
const importOfMemory = [3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2, 1];

/** The module's bytes. No operator needs an atomic instruction: over shared memory one bit of what it imports is another. */
function bytesOver(memory: WebAssembly.Memory): Uint8Array<ArrayBuffer> {
  const bytes = bytesOfText(inlinedSignal);
  if (!isShared(memory)) return bytes;
  const at = bytes.findIndex((_, from) => importOfMemory.every((byte, i) => bytes[from + i] === byte));
  bytes[at + importOfMemory.length - 1] = 3;
  return bytes;
}
