/**
 * Frequency shift of a complex stream: frame n of a stretch times e^(2πi · n · step/2⁶⁴).
 *
 * The phase n · step is exact, so that it does not drift. Frames are turned in blocks of 256, counted from the stretch's start:
 * by a table of the first 256 rotations, then by the block's own, both rounded to f32. Each frame's arithmetic depends on n
 * alone; the vector form does two frames at once and gives the same bits.
 *
 *     state   0        8        16                                         16 + 16 · 256
 *             ┌────────┬────────┬──────────────────────────────────────────┐
 *             │ step   │ n      │ pairs of frames: c c c′ c′, −d d −d′ d′  │
 *             └────────┴────────┴──────────────────────────────────────────┘
 */
import { cosPhase, sinPhase } from "../kernel/phase";

const STEP: usize = 0;
const INDEX: usize = 8;
const TABLE: usize = 16;
const BLOCK: usize = 256;

/** Bytes of the state. */
export const SHIFT_BYTES: usize = TABLE + 16 * BLOCK;

/** Where the table has frame j's cosine twice; its sine, negative and positive, lies 16 bytes behind. */
@inline
function rotationAt(state: usize, j: usize): usize {
  return state + TABLE + ((j >> 1) << 5) + ((j & 1) << 3);
}

/** Begins a stretch with this step, in 2⁻⁶⁴ turns a frame. */
export function resetShift(state: usize, step: u64): void {
  store<u64>(state, step, STEP);
  store<u64>(state, 0, INDEX);
  for (let j: usize = 0; j < BLOCK; j++) {
    const phase = u64(j) * step;
    const at = rotationAt(state, j);
    const c = f32(cosPhase(phase));
    const d = f32(sinPhase(phase));
    store<f32>(at, c);
    store<f32>(at, c, 4);
    store<f32>(at, -d, 16);
    store<f32>(at, d, 20);
  }
}

/** Turns `frames` frames of two f32; source and target are apart, or the same. */
export function shiftFrames(source: usize, target: usize, frames: usize, state: usize): void {
  const step = load<u64>(state, STEP);
  let index = load<u64>(state, INDEX);
  while (frames != 0) {
    const j = usize(index) & (BLOCK - 1);
    const run = min(frames, BLOCK - j);
    const phase = (index - u64(j)) * step;
    shiftRun(source, target, run, j, state, f32(cosPhase(phase)), f32(sinPhase(phase)));
    source += 8 * run;
    target += 8 * run;
    index += u64(run);
    frames -= run;
  }
  store<u64>(state, index, INDEX);
}

/** Frames j to j + run − 1 of a block whose own rotation is c + di. */
function shiftRun(source: usize, target: usize, run: usize, j: usize, state: usize, c: f32, d: f32): void {
  if (ASC_FEATURE_SIMD) {
    if ((j & 1) != 0) {
      shiftFrame(source, target, rotationAt(state, j), c, d);
      source += 8;
      target += 8;
      run--;
      j++;
    }
    const cs = f32x4.splat(c);
    const ds = f32x4(-d, d, -d, d);
    let at = rotationAt(state, j);
    // In bounds: pairs of frames that the caller has, and pairs of the table from an even j on, j + run ≤ 256.
    for (const end = source + 8 * (run & ~1); source != end; source += 16) {
      const turned = timesVector(v128.load(source), v128.load(at), v128.load(at, 16));
      v128.store(target, timesVector(turned, cs, ds));
      target += 16;
      at += 32;
    }
    j += run & ~1;
    run &= 1;
  }
  for (; run != 0; run--) {
    shiftFrame(source, target, rotationAt(state, j), c, d);
    source += 8;
    target += 8;
    j++;
  }
}

/** Two complex products: (re, im) · c + (im, re) · (−d, d). */
@inline
function timesVector(x: v128, c: v128, d: v128): v128 {
  return f32x4.add(f32x4.mul(x, c), f32x4.mul(i32x4.shuffle(x, x, 1, 0, 3, 2), d));
}


@inline
function shiftFrame(source: usize, target: usize, at: usize, c: f32, d: f32): void {
  const re = load<f32>(source);
  const im = load<f32>(source, 4);
  const re1 = re * load<f32>(at) + im * load<f32>(at, 16);
  const im1 = im * load<f32>(at, 4) + re * load<f32>(at, 20);
  store<f32>(target, re1 * c + im1 * -d);
  store<f32>(target, im1 * c + re1 * d, 4);
}
