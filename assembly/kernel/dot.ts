/**
 * Dot products of windows with taps: what decimators and resamplers need, whose outputs lie some frames apart.
 *
 * A set of taps is stored as the header below and then the taps themselves, the oldest frame's first, behind as many zeros as
 * make their number a multiple of four:
 *
 *     0          4        16
 *     ┌──────────┬────────┬──────────────────────────────┐
 *     │ pad: u32 │ unused │ 0 … 0, h[n − 1], … h[1], h[0] │      length = pad + n, a multiple of 4
 *     └──────────┴────────┴──────────────────────────────┘
 *
 * The order of additions is the same in all forms and for any number of channels: four sums, of the taps at 0, 4, 8 …, at 1, 5,
 * 9 … and so on, each from the oldest on; then (s0 + s2) + (s1 + s3). One channel has the four sums in the lanes of one vector, two
 * channels in those of two, four channels and more take a vector of channels for each sum. What lies at the `pad` first places is
 * masked, not multiplied by 0: an infinity older than the oldest tap must not show.
 *
 * Vector loops test at their end: V8 keeps constants and splats in registers only where a loop's body always runs.
 */

/** Bytes in front of the taps of a set. */
export const TAPS: usize = 16;

/** Bytes of a set of taps; `length` is a multiple of 4. */
@inline
export function setBytes(length: usize): usize {
  return TAPS + 4 * length;
}

/** One output frame at `y`: the frames from `x` on, oldest first, with the set at `h`. 4 ≤ length. */
export function dot(x: usize, y: usize, h: usize, length: usize, channels: usize): void {
  let channel: usize = 0;
  if (ASC_FEATURE_SIMD) {
    if (channels == 1) return dotMono(x, y, h, length);
    if (channels == 2) return dotStereo(x, y, h, length);
    for (; channel + 4 <= channels; channel += 4) dotChannels(x + 4 * channel, y + 4 * channel, h, length, channels);
  }
  for (; channel < channels; channel++) dotScalar(x + 4 * channel, y + 4 * channel, h, length, channels);
}

/** One channel's output. */
export function dotScalar(x: usize, y: usize, h: usize, length: usize, channels: usize): void {
  const pad = load<u32>(h);
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  const stride: usize = 4 * channels;
  let tap = h + TAPS;
  const end = tap + 4 * length;
  if (pad < 1) s0 += load<f32>(tap) * load<f32>(x);
  if (pad < 2) s1 += load<f32>(tap, 4) * load<f32>(x + stride);
  if (pad < 3) s2 += load<f32>(tap, 8) * load<f32>(x + 2 * stride);
  if (pad < 4) s3 += load<f32>(tap, 12) * load<f32>(x + 3 * stride);
  for (tap += 16, x += 4 * stride; tap != end; tap += 16, x += 4 * stride) {
    s0 += load<f32>(tap) * load<f32>(x);
    s1 += load<f32>(tap, 4) * load<f32>(x + stride);
    s2 += load<f32>(tap, 8) * load<f32>(x + 2 * stride);
    s3 += load<f32>(tap, 12) * load<f32>(x + 3 * stride);
  }
  store<f32>(y, s0 + s2 + (s1 + s3));
}

/** Ones in the lanes of taps that are there, of a set's first four. */
@inline
function present(h: usize): v128 {
  return i32x4.ge_s(i32x4(0, 1, 2, 3), v128.load32_splat(h));
}

/** Lanes 0 and 1, each twice. */
@inline
function lower(lanes: v128): v128 {
  return i32x4.shuffle(lanes, lanes, 0, 0, 1, 1);
}

/** Lanes 2 and 3, each twice. */
@inline
function upper(lanes: v128): v128 {
  return i32x4.shuffle(lanes, lanes, 2, 2, 3, 3);
}

/** `a` + `k` · `x`, rounded twice. */
@inline
function add(a: v128, k: v128, x: v128): v128 {
  return f32x4.add(a, f32x4.mul(k, x));
}

function dotMono(x: usize, y: usize, h: usize, length: usize): void {
  let tap = h + TAPS;
  const end = tap + 4 * length;
  let s = add(f32x4.splat(0), v128.load(tap), v128.and(present(h), v128.load(x)));
  for (tap += 16; tap != end; tap += 16) {
    x += 16;
    s = add(s, v128.load(tap), v128.load(x));
  }
  s = f32x4.add(s, i32x4.shuffle(s, s, 2, 3, 2, 3));
  store<f32>(y, f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1));
}

function dotStereo(x: usize, y: usize, h: usize, length: usize): void {
  let tap = h + TAPS;
  const end = tap + 4 * length;
  const mask = present(h);
  let k = v128.load(tap);
  let s = add(f32x4.splat(0), lower(k), v128.and(lower(mask), v128.load(x)));
  let t = add(f32x4.splat(0), upper(k), v128.and(upper(mask), v128.load(x, 16)));
  for (tap += 16; tap != end; tap += 16) {
    x += 32;
    k = v128.load(tap);
    s = add(s, lower(k), v128.load(x));
    t = add(t, upper(k), v128.load(x, 16));
  }
  s = f32x4.add(s, t);
  v128.store64_lane(y, f32x4.add(s, i32x4.shuffle(s, s, 2, 3, 2, 3)), 0);
}

/** Four channels' outputs. */
function dotChannels(x: usize, y: usize, h: usize, length: usize, channels: usize): void {
  const pad = load<u32>(h);
  const stride: usize = 4 * channels;
  let tap = h + TAPS;
  const end = tap + 4 * length;
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  if (pad < 1) s0 = add(s0, v128.load32_splat(tap), v128.load(x));
  if (pad < 2) s1 = add(s1, v128.load32_splat(tap, 4), v128.load(x + stride));
  if (pad < 3) s2 = add(s2, v128.load32_splat(tap, 8), v128.load(x + 2 * stride));
  if (pad < 4) s3 = add(s3, v128.load32_splat(tap, 12), v128.load(x + 3 * stride));
  for (tap += 16, x += 4 * stride; tap != end; tap += 16, x += 4 * stride) {
    s0 = add(s0, v128.load32_splat(tap), v128.load(x));
    s1 = add(s1, v128.load32_splat(tap, 4), v128.load(x + stride));
    s2 = add(s2, v128.load32_splat(tap, 8), v128.load(x + 2 * stride));
    s3 = add(s3, v128.load32_splat(tap, 12), v128.load(x + 3 * stride));
  }
  v128.store(y, f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3)));
}

/** Four output frames of one channel whose windows begin `step` bytes apart: a vector of taps is loaded once for all of them. */
export function dotMono4(x: usize, y: usize, h: usize, length: usize, step: usize): void {
  let tap = h + TAPS;
  const end = tap + 4 * length;
  const mask = present(h);
  let b = x + step;
  let c = b + step;
  let d = c + step;
  let k = v128.load(tap);
  const zero = f32x4.splat(0);
  let s0 = add(zero, k, v128.and(mask, v128.load(x)));
  let s1 = add(zero, k, v128.and(mask, v128.load(b)));
  let s2 = add(zero, k, v128.and(mask, v128.load(c)));
  let s3 = add(zero, k, v128.and(mask, v128.load(d)));
  for (tap += 16; tap != end; tap += 16) {
    k = v128.load(tap);
    s0 = add(s0, k, v128.load(x, 16));
    s1 = add(s1, k, v128.load(b, 16));
    s2 = add(s2, k, v128.load(c, 16));
    s3 = add(s3, k, v128.load(d, 16));
    x += 16;
    b += 16;
    c += 16;
    d += 16;
  }
  const low01 = i32x4.shuffle(s0, s1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(s2, s3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(s0, s1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(s2, s3, 2, 6, 3, 7);
  // Sums 0 and 1 of outputs 0 and 1 side by side, and sums 2 and 3; then of outputs 2 and 3.
  const sum01 = f32x4.add(low01, high01);
  const sum23 = f32x4.add(low23, high23);
  v128.store(y, f32x4.add(i32x4.shuffle(sum01, sum23, 0, 1, 4, 5), i32x4.shuffle(sum01, sum23, 2, 3, 6, 7)));
}

/** Two output frames of two channels whose windows begin `step` bytes apart. */
export function dotStereo2(x: usize, y: usize, h: usize, length: usize, step: usize): void {
  let tap = h + TAPS;
  const end = tap + 4 * length;
  const mask = present(h);
  const zero = f32x4.splat(0);
  let b = x + step;
  let k = v128.load(tap);
  let low = lower(k);
  let high = upper(k);
  let s0 = add(zero, low, v128.and(lower(mask), v128.load(x)));
  let t0 = add(zero, high, v128.and(upper(mask), v128.load(x, 16)));
  let s1 = add(zero, low, v128.and(lower(mask), v128.load(b)));
  let t1 = add(zero, high, v128.and(upper(mask), v128.load(b, 16)));
  for (tap += 16; tap != end; tap += 16) {
    k = v128.load(tap);
    low = lower(k);
    high = upper(k);
    x += 32;
    b += 32;
    s0 = add(s0, low, v128.load(x));
    t0 = add(t0, high, v128.load(x, 16));
    s1 = add(s1, low, v128.load(b));
    t1 = add(t1, high, v128.load(b, 16));
  }
  s0 = f32x4.add(s0, t0);
  s1 = f32x4.add(s1, t1);
  v128.store(y, f32x4.add(i64x2.shuffle(s0, s1, 0, 2), i64x2.shuffle(s0, s1, 1, 3)));
}
