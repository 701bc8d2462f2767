/**
 * Phases as u64: 2⁶⁴ are a turn, so that adding steps wraps by itself and is exact, however long it goes on. Sines and cosines of
 * them have the same bits on every host; their error is below 2⁻⁵².
 */
import { cosine, sine } from "./turn";

const HALF: u64 = 0x8000_0000_0000_0000;
const QUARTER: u64 = 0x4000_0000_0000_0000;
const EIGHTH: u64 = 0x2000_0000_0000_0000;

/** 2π · 2⁻⁶⁴, as the nearest f64. */
const UNIT: f64 = 6.283185307179586 / 18446744073709551616.0;

/** cos(2π · phase/2⁶⁴). */
export function cosPhase(phase: u64): f64 {
  // cos(−x) = cos x, cos(½ turn − x) = −cos x, cos(¼ turn − x) = sin x: at most an eighth of a turn is left.
  if (phase > HALF) phase = 0 - phase;
  const negative = phase > QUARTER;
  if (negative) phase = HALF - phase;
  const value = phase > EIGHTH ? sine(UNIT * f64(QUARTER - phase)) : cosine(UNIT * f64(phase));
  return negative ? -value : value;
}

/** sin(2π · phase/2⁶⁴): the cosine of a quarter turn before. */
export function sinPhase(phase: u64): f64 {
  return cosPhase(phase - QUARTER);
}
