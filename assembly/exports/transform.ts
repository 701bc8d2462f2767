/** Exports of signal.wasm: transforms. */
import { refusedNumber, refusedRegion } from "./checks";
import { cosTurn as cosOf, sinTurn as sinOf } from "../kernel/turn";

/** cos(2π · k/n), the same bits on every host; 1 ≤ n. */
export function cosTurn(k: u32, n: u32): f64 {
  return cosOf(k, n);
}

/** sin(2π · k/n), the same bits on every host; 1 ≤ n < 2³⁰. */
export function sinTurn(k: u32, n: u32): f64 {
  return sinOf(k, n);
}

/** Writes cos(2π · k/n) for k from 0 to `count` − 1 as f64; 1 ≤ n. */
export function cosines(handle: u32, pointer: u32, count: u32, n: u32): i32 {
  let refused = refusedRegion(handle, pointer, u64(count) << 3);
  if (refused == 0) refused = refusedNumber(n - 1, 0x4000_0000);
  if (refused != 0) return refused;
  for (let k: u32 = 0; k < count; k++) store<f64>(usize(pointer) + (usize(k) << 3), cosOf(k, n));
  return 0;
}
