/** The raw exports of signal.wasm, as assembly/signal.ts has them. Handles, pointers and lengths as in exports.ts. */

/** assembly/exports/transform.ts. */
export interface TransformExports {
  cosTurn(k: number, n: number): number;
  sinTurn(k: number, n: number): number;
  cosines(handle: number, pointer: number, count: number, n: number): number;
}

/** All of them. */
export interface SignalExports extends TransformExports {}
