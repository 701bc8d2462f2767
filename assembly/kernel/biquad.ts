/**
 * Second-order sections, in place over a row of f64:
 *
 *     y[n] = b0·x[n] + b1·x[n−1] + b2·x[n−2] − a2·y[n−2] − a1·y[n−1]
 *
 * added from left to right, each step rounded to f64. A section waits for its own last output: a multiplication and a subtraction,
 * six cycles or so. (Transposed, the second state is in that way as well, and it is seven and a half.) So one section after the
 * other leaves the processor idle most of the time. Here four sections, or two, are the lanes of vectors, and each section works on
 * the sample two before that of the one in front of it: what it takes was finished two steps ago, and nobody waits for a neighbour.
 *
 *     step i:   section 0: sample i   section 1: i − 2   section 2: i − 4   section 3: i − 6
 *
 * A run begins and ends with all sections at the same sample: the scalar form lets the first sections go ahead at its beginning and
 * the last ones catch up at its end. Every section does the same operations on the same numbers in both forms, so their bits agree
 * and a run may be cut anywhere.
 *
 * A group is four sections, of which the first two may be used alone. What lies where, in rows of four f64, one a section:
 *
 *     coefficients   b0  b1  b2  a1  a2          state   x[n−1]  x[n−2]  y[n−1]  y[n−2]
 */

/** Sections of a group. */
export const GROUP: usize = 4;

const ROW: usize = 8 * GROUP;

/** Bytes of a group's coefficients. */
export const COEFFICIENTS: usize = 5 * ROW;

/** Bytes of a group's state. */
export const STATE: usize = 4 * ROW;

/** Puts the `count` f64 at `row` through the first `sections` (2 or 4) of a group. */
export function biquads(row: usize, count: usize, sections: usize, coefficients: usize, state: usize): void {
  if (ASC_FEATURE_SIMD) {
    // The vector loops take two samples a turn, and 2 · (sections − 1) fill the pipeline.
    const odd = count & 1;
    const ahead: usize = 2 * (sections - 1);
    if (count - odd > ahead) {
      if (odd != 0) biquadsScalar(row, 1, sections, coefficients, state);
      row += 8 * odd;
      count -= odd;
      for (let s: usize = 0; s + 1 < sections; s++) section(row, ahead - 2 * s, coefficients + 8 * s, state + 8 * s);
      if (sections == 2) pipeline2(row, count, coefficients, state);
      else pipeline4(row, count, coefficients, state);
      for (let s: usize = 1; s < sections; s++) {
        section(row + 8 * (count - 2 * s), 2 * s, coefficients + 8 * s, state + 8 * s);
      }
      return;
    }
  }
  biquadsScalar(row, count, sections, coefficients, state);
}

export function biquadsScalar(row: usize, count: usize, sections: usize, coefficients: usize, state: usize): void {
  for (let s: usize = 0; s < sections; s++) section(row, count, coefficients + 8 * s, state + 8 * s);
}

/** Puts the `count` f64 at `row` through the section whose columns begin at `c` and `state`. */
function section(row: usize, count: usize, c: usize, state: usize): void {
  const b0 = load<f64>(c);
  const b1 = load<f64>(c, ROW);
  const b2 = load<f64>(c, 2 * ROW);
  const a1 = load<f64>(c, 3 * ROW);
  const a2 = load<f64>(c, 4 * ROW);
  let x1 = load<f64>(state);
  let x2 = load<f64>(state, ROW);
  let y1 = load<f64>(state, 2 * ROW);
  let y2 = load<f64>(state, 3 * ROW);
  for (const end = row + 8 * count; row != end; row += 8) {
    const x = load<f64>(row);
    const y = b0 * x + b1 * x1 + b2 * x2 - a2 * y2 - a1 * y1;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    store<f64>(row, y);
  }
  store<f64>(state, x1);
  store<f64>(state, x2, ROW);
  store<f64>(state, y1, 2 * ROW);
  store<f64>(state, y2, 3 * ROW);
}

/** One step of two sections. */
@inline
function step(b0: v128, b1: v128, b2: v128, a1: v128, a2: v128, x: v128, x1: v128, x2: v128, y1: v128, y2: v128): v128 {
  const forward = f64x2.add(f64x2.add(f64x2.mul(b0, x), f64x2.mul(b1, x1)), f64x2.mul(b2, x2));
  return f64x2.sub(f64x2.sub(forward, f64x2.mul(a2, y2)), f64x2.mul(a1, y1));
}

/** The number at `at` in front of what section 0 made two steps ago. In bounds: callers have 8 bytes at `at`. */
@inline
function enter(at: usize, before: v128): v128 {
  return i64x2.shuffle(v128.load64_zero(at), before, 0, 2);
}

/** Samples 2 to `count` (even, above 2) of section 0, and 0 to `count` − 2 of section 1. */
function pipeline2(row: usize, count: usize, c: usize, state: usize): void {
  const b0 = v128.load(c);
  const b1 = v128.load(c, ROW);
  const b2 = v128.load(c, 2 * ROW);
  const a1 = v128.load(c, 3 * ROW);
  const a2 = v128.load(c, 4 * ROW);
  let x1 = v128.load(state);
  let x2 = v128.load(state, ROW);
  let y1 = v128.load(state, 2 * ROW);
  let y2 = v128.load(state, 3 * ROW);
  let at = row;
  const end = row + 8 * (count - 2);
  do {
    const x = enter(at + 16, y2);
    y2 = step(b0, b1, b2, a1, a2, x, x1, x2, y1, y2);
    x2 = enter(at + 24, y1);
    y1 = step(b0, b1, b2, a1, a2, x2, x, x1, y2, y1);
    v128.store(at, i64x2.shuffle(y2, y1, 1, 3));
    x1 = x2;
    x2 = x;
    at += 16;
  } while (at != end);
  v128.store(state, x1);
  v128.store(state, x2, ROW);
  v128.store(state, y1, 2 * ROW);
  v128.store(state, y2, 3 * ROW);
  // What section 1 has yet to take.
  v128.store(at, i64x2.shuffle(y2, y1, 0, 2));
}

/** Samples 6 to `count` (even, above 6) of section 0, … and 0 to `count` − 6 of section 3. */
function pipeline4(row: usize, count: usize, c: usize, state: usize): void {
  // a: sections 0 and 1, b: 2 and 3.
  const b0a = v128.load(c);
  const b0b = v128.load(c, 16);
  const b1a = v128.load(c, ROW);
  const b1b = v128.load(c, ROW + 16);
  const b2a = v128.load(c, 2 * ROW);
  const b2b = v128.load(c, 2 * ROW + 16);
  const a1a = v128.load(c, 3 * ROW);
  const a1b = v128.load(c, 3 * ROW + 16);
  const a2a = v128.load(c, 4 * ROW);
  const a2b = v128.load(c, 4 * ROW + 16);
  let x1a = v128.load(state);
  let x1b = v128.load(state, 16);
  let x2a = v128.load(state, ROW);
  let x2b = v128.load(state, ROW + 16);
  let y1a = v128.load(state, 2 * ROW);
  let y1b = v128.load(state, 2 * ROW + 16);
  let y2a = v128.load(state, 3 * ROW);
  let y2b = v128.load(state, 3 * ROW + 16);
  let at = row;
  const end = row + 8 * (count - 6);
  do {
    const xa = enter(at + 48, y2a);
    const xb = i64x2.shuffle(y2a, y2b, 1, 2);
    y2a = step(b0a, b1a, b2a, a1a, a2a, xa, x1a, x2a, y1a, y2a);
    y2b = step(b0b, b1b, b2b, a1b, a2b, xb, x1b, x2b, y1b, y2b);
    x2a = enter(at + 56, y1a);
    x2b = i64x2.shuffle(y1a, y1b, 1, 2);
    y1a = step(b0a, b1a, b2a, a1a, a2a, x2a, xa, x1a, y2a, y1a);
    y1b = step(b0b, b1b, b2b, a1b, a2b, x2b, xb, x1b, y2b, y1b);
    v128.store(at, i64x2.shuffle(y2b, y1b, 1, 3));
    x1a = x2a;
    x2a = xa;
    x1b = x2b;
    x2b = xb;
    at += 16;
  } while (at != end);
  v128.store(state, x1a);
  v128.store(state, x1b, 16);
  v128.store(state, x2a, ROW);
  v128.store(state, x2b, ROW + 16);
  v128.store(state, y1a, 2 * ROW);
  v128.store(state, y1b, 2 * ROW + 16);
  v128.store(state, y2a, 3 * ROW);
  v128.store(state, y2b, 3 * ROW + 16);
  // What sections 3, 2 and 1 have yet to take.
  v128.store(at, i64x2.shuffle(y2b, y1b, 0, 2));
  v128.store(at, i64x2.shuffle(y2a, y1a, 1, 3), 16);
  v128.store(at, i64x2.shuffle(y2a, y1a, 0, 2), 32);
}
