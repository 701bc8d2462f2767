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
