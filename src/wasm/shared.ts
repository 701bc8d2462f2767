/** core.shared.wasm: the core over memory that several threads see. */
import { Fault, wasmCode } from "../fault.js";
import { Core } from "./core.js";
import type { CoreExports, KernelExports } from "./exports.js";
import { Memory } from "./memory.js";

/** What the shared build has beside the core and the kernels; see assembly/exports/shared.ts. */
export interface SharedExports extends CoreExports, KernelExports {
  bufCreateShared(
    element: number,
    channels: number,
    capacity: number,
    maxWindow: number,
    readers: number,
    holds: number,
    secure: number,
    start: number,
    lossy: number,
  ): number;
  writerTake(buf: number): number;
  writerLeave(buf: number): number;
  writerSleep(buf: number, frames: number): number;
  writerWake(buf: number): number;
  writerBell(buf: number): number;
  writerListen(buf: number, bell: number): number;
  writerAbandon(buf: number): number;
  writerBeat(buf: number): number;
  bufRoomSeen(buf: number): number;
  bufWrite(buf: number, sourceHandle: number, source: number, frames: number): number;
  readerOpenLossy(buf: number): number;
  readerSleep(buf: number, reader: number, least: number): number;
  readerWake(buf: number, reader: number): number;
  readerBell(buf: number, reader: number): number;
  readerListen(buf: number, reader: number, bell: number): number;
  readerAbandon(buf: number, reader: number): number;
  readerBeat(buf: number, reader: number): number;

  readonly BEAT_OFFSET: WebAssembly.Global;
  readonly WRITER_BEAT_OFFSET: WebAssembly.Global;
  readonly WRITER_OFFSET: WebAssembly.Global;
  readonly STATE_OFFSET: WebAssembly.Global;
  readonly READY_OFFSET: WebAssembly.Global;
  readonly FLOOR_OFFSET: WebAssembly.Global;
  readonly REASON_OFFSET: WebAssembly.Global;
  readonly REASON_BYTES: WebAssembly.Global;
  readonly WAKES_OFFSET: WebAssembly.Global;
  readonly FIRST_READER_OFFSET: WebAssembly.Global;
  readonly LINE_BYTES: WebAssembly.Global;
  readonly READER_ID_OFFSET: WebAssembly.Global;
}

/** One thread's instance of the shared core. */
export class SharedCore extends Core {
  declare readonly exports: SharedExports;
  readonly module: WebAssembly.Module;
  /** The memory as words that atomic operations and waits take. */
  readonly ints: Int32Array;

  /**
   * Instantiated by itself, without the loader: that touches `TextDecoder` when it is imported, which an AudioWorklet lacks.
   * `module`: a compiled core.shared.wasm; the inlined one is `sharedModule` of shared-module.ts, which a worklet does without.
   */
  constructor(memory: WebAssembly.Memory, module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    super(exports as unknown as SharedExports, new Memory(memory), false);
    this.module = module;
    this.ints = new Int32Array(memory.buffer);
  }

  override fault(code: number, doing: string): Fault {
    const asked = this.exports.arenaAsked();
    const left = this.exports.arenaLimit();
    if (code === wasmCode.taken) {
      const message = `Cannot ${doing}: the writer's side is taken. A Buf has one writer.`;
      return new Fault("taken", message, { asked, left });
    }
    if (code === wasmCode.lapped) {
      const message = `Cannot ${doing}: the writer was there first and ${asked} frames were lost; the ring goes on at ${left}.`;
      return new Fault("lapped", message, { asked, left });
    }
    return super.fault(code, doing);
  }

  /** The index in `ints` of a word that lies `offset` behind an address. */
  word(address: number, offset: WebAssembly.Global): number {
    return ((address >>> 0) + Number(offset.value)) >>> 2;
  }
}
