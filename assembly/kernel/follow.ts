/**
 * Loops in which each frame follows the one before: taking off the mean, and following the envelope. Sums are f64, one for each
 * channel at `state`. A sample that is no finite number changes no sum.
 */

/** Whether x is neither NaN nor infinite. */
@inline
function isNumber(x: f64): bool {
  return x - x == 0;
}

/**
 * y[n] = x[n] − m[n], with the running mean m[n] = m[n − 1] + α · (x[n] − m[n − 1]), which begins as the first number. The sum is NaN
 * before that. Source and target are apart, or the same.
 */
export function takeOffMean(
  source: usize,
  target: usize,
  frames: usize,
  channels: usize,
  alpha: f64,
  state: usize,
): void {
  const stride: usize = 4 * channels;
  for (let channel: usize = 0; channel < channels; channel++) {
    let mean = load<f64>(state + 8 * channel);
    let from = source + 4 * channel;
    let to = target + 4 * channel;
    for (const end = from + frames * stride; from != end; from += stride) {
      const x = f64(load<f32>(from));
      if (isNumber(x)) mean = mean == mean ? mean + alpha * (x - mean) : x;
      store<f32>(to, f32(mean == mean ? x - mean : x));
      to += stride;
    }
    store<f64>(state + 8 * channel, mean);
  }
}

/**
 * e[n] = e[n − 1] + a · (r[n] − e[n − 1]), where a is `attack` as r rises above e and else `release`; r is |x|, of complex frames the
 * magnitude. What is no finite number comes out as its r. `channels` are those of the target, of complex frames 1.
 */
export function followEnvelope(
  source: usize,
  target: usize,
  frames: usize,
  channels: usize,
  complex: bool,
  attack: f64,
  release: f64,
  state: usize,
): void {
  const stride: usize = 4 * channels;
  const sourceStride: usize = complex ? 2 * stride : stride;
  for (let channel: usize = 0; channel < channels; channel++) {
    let envelope = load<f64>(state + 8 * channel);
    let from = source + 4 * channel;
    let to = target + 4 * channel;
    for (const end = from + frames * sourceStride; from != end; from += sourceStride) {
      const re = f64(load<f32>(from));
      let r = abs(re);
      if (complex) {
        const im = f64(load<f32>(from, 4));
        r = sqrt(re * re + im * im);
      }
      if (isNumber(r)) {
        envelope += (r > envelope ? attack : release) * (r - envelope);
        store<f32>(to, f32(envelope));
      } else {
        store<f32>(to, f32(r));
      }
      to += stride;
    }
    store<f64>(state + 8 * channel, envelope);
  }
}
