/**
 * The plan of a transform: which radices, in which order, and its tables.
 *
 * A plan of n complex points has this layout; a plan of 2n real points has the fifth part, too, and a branched one the last:
 *
 *     ┌──────────┬──────────┬───────────────┬────────────────────────┬─────────────────────┬──────────┐
 *     │ work, 8n │ work, 8n │ constants, 16 │ twiddles, pass by pass │ ½ e^(−2πi·k/2n), 4n │ branches │
 *     └──────────┴──────────┴───────────────┴────────────────────────┴─────────────────────┴──────────┘
 *
 * The part for branches, where r is the first radix, is r − 1 twiddles for each of n/r points, and ½ e^(−2πi·rk/2n), 4n/r.
 *
 * All offsets follow from n, so a plan holds nothing that a program could falsify to make a transform leave it.
 *
 * Tables are f32, rounded from f64 that have the same bits on every host.
 */
import { cosTurn, sinTurn } from "./turn";

/** The largest size: 3 · 2^15. Powers of two go to 2^16, five times one to 5 · 2^14. */
export const MAX_SIZE: u32 = 98304;

/** Whether n is 2^k, 3 · 2^k or 5 · 2^k, and not too large. */
export function isTransformSize(n: u32): bool {
  if (n == 0 || n > MAX_SIZE) return false;
  const odd = n >> ctz(n);
  return odd == 1 || odd == 3 || odd == 5;
}

/**
 * The radix of the pass that is next when `rest` (above 1) is the product of those still to come. Eights where that comes out
 * even, fours before them, 3 or 5 as the last one, which needs no twiddle factors; 2 only where no 4 divides.
 */
@inline
export function radixOf(rest: u32): u32 {
  const twos = ctz(rest);
  if (twos == 0) return rest;
  if (twos == 1) return 2;
  return twos % 3 == 0 ? 8 : 4;
}

/** What is left of `rest` behind a pass of its radix, without a division. */
@inline
export function restBehind(rest: u32, radix: u32): u32 {
  return radix & 1 ? 1 : rest >> ctz(radix);
}

/**
 * Whether a real transform of 2n points goes in branches (fft_branch_first.ts): where its last pass is of radix 8. In the largest
 * one, the sixteen parts that the first pass reads would lie 16 KiB apart, and drive each other out of a first-level cache.
 */
@inline
export function isBranched(n: u32): bool {
  return n >= 64 && n <= 16384 && (n & (n - 1)) == 0;
}

/** Whether a transform of n points runs on four lanes: the first pass takes four neighbours at a time. */
@inline
export function isWide(n: u32): bool {
  return ASC_FEATURE_SIMD && ctz(n) >= 4;
}

/**
 * Bytes between the parts of a work buffer that a pass reads side by side, one for each of its radix. Parts that lie a multiple of
 * 2 KiB apart would fall on the same few lines of a first-level cache, and there they would drive each other out.
 */
const PAD: u32 = 128;


@inline
function partOf(n: u32, radix: u32): u32 {
  return radix & 1 ? n / radix : n >> ctz(radix);
}

/** The pad where a pass of this radix reads n points. */
@inline
export function padOf(n: u32, radix: u32): u32 {
  return n >= 1024 && (partOf(n, radix) & 255) == 0 ? PAD : 0;
}

/** For how many p a pass with m of them writes before such a pad; m where there is none. */
@inline
export function runOf(m: u32, next: u32, pad: u32): u32 {
  return pad == 0 ? m : restBehind(m, next);
}

/** Offset of the second work buffer, and its room. */
@inline
export function workBytes(n: u32): u32 {
  return ((8 * n + 15) & ~15) + (n >= 1024 ? 8 * PAD : 0);
}

/**
 * Offset of √½, ½, and cosine and sine of a sixteenth of a turn, f32. They are read from memory because V8 makes a vector of
 * constants anew wherever it is used, and keeps one that was read in a register.
 */
@inline
export function constantsAt(n: u32): u32 {
  return 2 * workBytes(n);
}

/** Offset of the twiddles. */
@inline
export function twiddlesAt(n: u32): u32 {
  return constantsAt(n) + 16;
}

/** Offset of the table of a real transform of 2n points. */
export function splitAt(n: u32): u32 {
  // Factors of a pass are (r − 1) · m = rm − m, so those of all passes are fewer than n.
  return twiddlesAt(n) + ((8 * n + 15) & ~15);
}

/** Offset of the twiddles of a first pass in branches. */
@inline
export function branchesAt(n: u32): u32 {
  return splitAt(n) + 4 * n + 32;
}

/** Offset of the table of branch 0. */
@inline
export function zerosAt(n: u32): u32 {
  return branchesAt(n) + 8 * (n - restBehind(n, radixOf(n)));
}

/** Bytes of a plan of n complex points, or of 2n real ones. */
export function planBytes(n: u32, real: bool): u32 {
  if (!real) return splitAt(n);
  // With M = n/r, branches take 8 (n − M) bytes of twiddles, and 4M.
  return branchesAt(n) + (isBranched(n) ? 8 * n : 0);
}

/** Writes a plan's tables. */
export function fillPlan(plan: usize, n: u32, real: bool): void {
  store<f32>(plan + constantsAt(n), f32(Math.SQRT1_2));
  store<f32>(plan + constantsAt(n), 0.5, 4);
  store<f32>(plan + constantsAt(n), f32(cosTurn(1, 16)), 8);
  store<f32>(plan + constantsAt(n), f32(sinTurn(1, 16)), 12);
  let at = plan + twiddlesAt(n);
  let rest = n;
  let wide = isWide(n);
  while (rest > 1) {
    const radix = radixOf(rest);
    const m = rest / radix;
    if (m > 1) at = fillTwiddles(at, radix, m, radix * m, wide);
    rest = m;
    wide = false;
  }
  if (!real) return;
  fillSplit(plan + splitAt(n), n, isWide(n));
  if (!isBranched(n)) return;
  const radix = radixOf(n);
  const part = n >> ctz(radix);
  fillTwiddles(plan + branchesAt(n), radix, part, n << 1, isWide(n));
  fillSplit(plan + zerosAt(n), part, isWide(n));
}

/**
 * Writes ½ e^(−2πi·k/2n) for k up to n/2. In bounds: (n + 1)/2 factors of 8 bytes, in blocks of four where the transform is wide:
 * then 8 divides n.
 */
function fillSplit(at: usize, n: u32, wide: bool): void {
  for (let k: u32 = 0; k < (n + 1) >> 1; k++) {
    fill(at, k, wide, 0.5 * cosTurn(k, n << 1), -0.5 * sinTurn(k, n << 1));
  }
}

/** Writes factor `k` of a table: pairs, or blocks of four. */
function fill(table: usize, k: u32, wide: bool, c: f64, s: f64): void {
  const at = wide ? table + ((k >> 2) << 5) + ((k & 3) << 2) : table + (k << 3);
  store<f32>(at, f32(c));
  store<f32>(at + (wide ? 16 : 4), f32(s));
}

/**
 * Writes e^(−2πi·pk/n) for k from 1 to r − 1 for p from 0 to m − 1, and returns where they end. The first pass of a wide
 * transform takes four p at a time: there each k has a block for each four of them.
 */
function fillTwiddles(at: usize, radix: u32, m: u32, n: u32, wide: bool): usize {
  const each = radix - 1;
  for (let p: u32 = 0; p < m; p++) {
    for (let k: u32 = 1; k < radix; k++) {
      const c = cosTurn(p * k, n);
      const s = -sinTurn(p * k, n);
      if (wide) fill(at + (usize((p >> 2) * each + k - 1) << 5), p & 3, true, c, s);
      else fill(at, p * each + k - 1, false, c, s);
    }
  }
  return at + 8 * each * m;
}
