/**
 * The exports of core.wasm, typed, in the two halves that are inlined apart. Answers below 0 are the codes of fault.ts; see
 * assembly/exports for each.
 */

/** The arena, its Bufs and their windows: what every arena has. */
export interface CoreExports {
  arenaCreate(bytes: number, slots: number): number;
  arenaClose(): number;
  arenaUsed(): number;
  arenaLeft(): number;
  arenaAsked(): number;
  arenaLimit(): number;
  arenaRefusal(): number;
  blockTake(bytes: number, secure: number): number;
  blockBegin(handle: number): number;
  blockRelease(handle: number): number;

  bufCreate(
    element: number,
    channels: number,
    capacity: number,
    maxWindow: number,
    readers: number,
    holds: number,
    secure: number,
    start: number,
  ): number;
  bufRelease(buf: number): number;
  bufLimits(buf: number, highWater: number, resume: number): number;
  bufControl(buf: number): number;
  bufReady(buf: number): number;
  bufPartial(buf: number): number;
  bufRoom(buf: number): number;
  bufReserve(buf: number, least: number, most: number): number;
  bufCommit(buf: number, frames: number): number;
  bufReserveBytes(buf: number, most: number): number;
  bufCommitBytes(buf: number, bytes: number): number;
  bufWanted(buf: number): number;
  bufFinish(buf: number, failed: number): number;
  bufRestart(buf: number, start: number): number;

  readerOpen(buf: number, behind: number): number;
  readerClose(buf: number, reader: number): number;
  readerAddress(buf: number, reader: number): number;
  readerPosition(buf: number, reader: number): number;
  readerAvailable(buf: number, reader: number): number;
  readerSeek(buf: number, reader: number, position: number): number;
  readerPrime(buf: number, reader: number, frames: number): number;

  windowLook(buf: number, reader: number, least: number, most: number): number;
  windowMore(buf: number, reader: number): number;
  windowPadded(buf: number, reader: number, size: number): number;
  windowAdvance(buf: number, reader: number, frames: number): number;
  windowRun(buf: number, reader: number, hop: number, size: number, most: number): number;
  windowSkip(buf: number, reader: number, frames: number): number;

  holdTake(buf: number, reader: number): number;
  holdRelease(buf: number, hold: number): number;

  readonly WINDOW_OFFSET: WebAssembly.Global;
  readonly INDEX_OFFSET: WebAssembly.Global;
  readonly SPAN_OFFSET: WebAssembly.Global;
  readonly READ_OFFSET: WebAssembly.Global;
  readonly ORIGIN_OFFSET: WebAssembly.Global;
}

/** What a module with the kernels exports beside or instead of that. */
export interface KernelExports {
  findByte(handle: number, pointer: number, length: number, byte: number): number;
  findLastByte(handle: number, pointer: number, length: number, byte: number): number;
  countByte(handle: number, pointer: number, length: number, byte: number): number;
  findLiteral(
    handle: number,
    pointer: number,
    length: number,
    needleHandle: number,
    needle: number,
    needleLength: number,
    rareA: number,
    rareB: number,
  ): number;

  statsBytes(channels: number): number;
  statsReset(handle: number, state: number, channels: number): number;
  statsAdd(
    handle: number,
    pointer: number,
    count: number,
    element: number,
    stateHandle: number,
    state: number,
    channels: number,
    slot: number,
  ): number;
  statsResult(
    stateHandle: number,
    state: number,
    channels: number,
    element: number,
    handle: number,
    result: number,
  ): number;

  convertSamples(
    sourceHandle: number,
    source: number,
    sourceFormat: number,
    targetHandle: number,
    target: number,
    targetFormat: number,
    count: number,
    profile: number,
  ): number;
  deinterleave(
    sourceHandle: number,
    source: number,
    targetHandle: number,
    target: number,
    frames: number,
    channels: number,
    elementBytes: number,
    plane: number,
  ): number;
  interleave(
    sourceHandle: number,
    source: number,
    targetHandle: number,
    target: number,
    frames: number,
    channels: number,
    elementBytes: number,
    plane: number,
  ): number;
}
