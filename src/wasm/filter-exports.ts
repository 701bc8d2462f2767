/** The raw exports of assembly/exports/filter.ts, in signal.wasm. Handles, pointers and lengths as in exports.ts. */
export interface FilterExports {
  firBytes(taps: number, parts: number, channels: number): number;
  firOpen(
    handle: number,
    state: number,
    taps: number,
    parts: number,
    channels: number,
    fromHandle: number,
    from: number,
  ): number;
  firReset(handle: number, state: number, taps: number, parts: number, channels: number): number;
  firRun(
    handle: number,
    state: number,
    taps: number,
    parts: number,
    channels: number,
    inputHandle: number,
    input: number,
    frames: number,
    outputHandle: number,
    output: number,
  ): number;
  resampleBytes(up: number, taps: number, channels: number): number;
  resampleOpen(
    handle: number,
    state: number,
    up: number,
    taps: number,
    channels: number,
    fromHandle: number,
    from: number,
  ): number;
  resampleReset(handle: number, state: number, up: number, taps: number, channels: number): number;
  resampleRun(
    handle: number,
    state: number,
    up: number,
    down: number,
    taps: number,
    channels: number,
    inputHandle: number,
    input: number,
    frames: number,
    outputHandle: number,
    output: number,
  ): number;
  sosBytes(sections: number, channels: number): number;
  sosOpen(handle: number, state: number, sections: number, channels: number, fromHandle: number, from: number): number;
  sosReset(handle: number, state: number, sections: number, channels: number): number;
  sosRun(
    handle: number,
    state: number,
    sections: number,
    channels: number,
    inputHandle: number,
    input: number,
    frames: number,
    outputHandle: number,
    output: number,
  ): number;
}
