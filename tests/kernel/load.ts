/** Both builds of the core, each over a memory of its own, with one block to work in. */
import { projectFile } from "../support/host.js";

type Export = (...numbers: number[]) => number;

/** The kernels' exports and those that make a block. */
export type KernelName =
  | "arenaCreate"
  | "blockTake"
  | "blockBegin"
  | "findByte"
  | "findLastByte"
  | "countByte"
  | "findLiteral"
  | "statsBytes"
  | "statsReset"
  | "statsAdd"
  | "statsResult"
  | "convertSamples"
  | "deinterleave"
  | "interleave";

/** One build with a block of `bytes` bytes, and a second block beside it that nothing may touch. */
export interface Bench {
  build: string;
  call: Record<KernelName, Export>;
  handle: number;
  /** Address of the block's first byte. */
  begin: number;
  /** Bytes in the block. */
  bytes: number;
  /** The whole memory. */
  memory: Uint8Array;
  view: DataView;
}

const BLOCK_BYTES = 1 << 18;

/** One entry for each build, which are tested with one suite. */
export const benches: Bench[] = ["core.wasm", "core.scalar.wasm"].map((build) => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(projectFile(`build/${build}`)), { env: { memory } });
  const call = instance.exports as unknown as Record<KernelName, Export>;
  call.arenaCreate(memory.buffer.byteLength, 16);
  const handle = call.blockTake(BLOCK_BYTES, 0);
  const begin = call.blockBegin(handle);
  return {
    build,
    call,
    handle,
    begin,
    bytes: BLOCK_BYTES,
    memory: new Uint8Array(memory.buffer),
    view: new DataView(memory.buffer),
  };
});

/** Fault codes that the kernels answer with. */
export const BAD_ARGUMENT = -11;
export const OUTSIDE = -15;
