/** The raw exports of signal.wasm, as assembly/signal.ts has them. Handles, pointers and lengths as in exports.ts. */
import type { FilterExports } from "./filter-exports.js";
import type { MeasureExports } from "./measure-exports.js";

/** assembly/exports/transform.ts. */
export interface TransformExports {
  cosTurn(k: number, n: number): number;
  sinTurn(k: number, n: number): number;
  cosines(handle: number, pointer: number, count: number, n: number): number;
  fftBytes(size: number, real: boolean): number;
  fftPlan(handle: number, pointer: number, size: number, real: boolean): number;
  fftForward: TransformCall;
  fftInverse: TransformCall;
  /** assembly/exports/spectra.ts. */
  stftBytes(size: number, complex: boolean): number;
  stft(
    handle: number,
    plan: number,
    stateHandle: number,
    state: number,
    size: number,
    hop: number,
    complex: boolean,
    trend: number,
    shift: boolean,
    row: number,
    low: number,
    step: number,
    held: number,
    from: number,
    input: number,
    frames: number,
    to: number,
    output: number,
  ): number;
  welch(
    handle: number,
    plan: number,
    stateHandle: number,
    state: number,
    size: number,
    hop: number,
    complex: boolean,
    trend: number,
    held: number,
    from: number,
    input: number,
    frames: number,
    to: number,
    sums: number,
  ): number;
  welchTake(
    handle: number,
    sums: number,
    bins: number,
    oneSided: boolean,
    scale: number,
    to: number,
    output: number,
  ): number;
  goertzelPlan(handle: number, bank: number, count: number, size: number): number;
  goertzel(
    handle: number,
    bank: number,
    count: number,
    carryHandle: number,
    carry: number,
    size: number,
    hop: number,
    complex: boolean,
    power: boolean,
    held: number,
    from: number,
    input: number,
    frames: number,
    to: number,
    output: number,
  ): number;
  pickChannel(
    from: number,
    input: number,
    frames: number,
    channels: number,
    channel: number,
    to: number,
    output: number,
  ): number;
}

/** A transform by its plan, from one region to another. */
export type TransformCall = (
  handle: number,
  plan: number,
  size: number,
  real: boolean,
  from: number,
  input: number,
  to: number,
  output: number,
) => number;

/** All of them. */
export interface SignalExports extends FilterExports, TransformExports, MeasureExports {}
