/**
 * A row less its mean, or less its line of least squares. Sums are in f64, in an order that the row's length fixes; what is
 * subtracted is rounded to f32 once for each sample. In bounds: x and y are `size` frames of one or two numbers.
 */

/** What is taken from a row. */
export namespace Trend {
  export const NONE: u32 = 0;
  export const CONSTANT: u32 = 1;
  export const LINEAR: u32 = 2;
}

/** Writes the frames at `x` less their trend to `y`, each of `channels` (1 or 2) by itself. */
export function detrend(trend: u32, x: usize, y: usize, size: u32, channels: u32): void {
  for (let channel: u32 = 0; channel < channels; channel++) {
    const offset = usize(channel) << 2;
    if (trend == Trend.CONSTANT) lessMean(x + offset, y + offset, size, usize(channels) << 2);
    else lessLine(x + offset, y + offset, size, usize(channels) << 2);
  }
}

function lessMean(x: usize, y: usize, size: u32, stride: usize): void {
  const end = x + usize(size) * stride;
  // Four sums: one alone would wait for each addition before the next.
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  let at = x;
  for (const fours = x + usize(size & ~3) * stride; at != fours; at += 4 * stride) {
    a += f64(load<f32>(at));
    b += f64(load<f32>(at + stride));
    c += f64(load<f32>(at + 2 * stride));
    d += f64(load<f32>(at + 3 * stride));
  }
  for (; at != end; at += stride) a += f64(load<f32>(at));
  const mean = f32((a + b + (c + d)) / f64(size));
  for (at = x; at != end; at += stride) {
    store<f32>(y, load<f32>(at) - mean);
    y += stride;
  }
}

function lessLine(x: usize, y: usize, size: u32, stride: usize): void {
  const middle = 0.5 * f64(size - 1);
  let sum: f64 = 0;
  let moment: f64 = 0;
  for (let i: u32 = 0; i < size; i++) {
    const value = f64(load<f32>(x + usize(i) * stride));
    sum += value;
    moment += (f64(i) - middle) * value;
  }
  const n = f64(size);
  const mean = sum / n;
  // Σ (i − middle)² = n(n² − 1)/12.
  const slope = size == 1 ? 0 : (12 * moment) / (n * (n * n - 1));
  for (let i: u32 = 0; i < size; i++) {
    const at = usize(i) * stride;
    store<f32>(y + at, f32(f64(load<f32>(x + at)) - (mean + (f64(i) - middle) * slope)));
  }
}
