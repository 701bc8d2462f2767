/**
 * Passes of a transform with twiddle factors, after Stockham: each reads one work buffer and writes another, and sorts on its
 * way, so that none has to afterwards.
 *
 * A pass of radix r has r·m points left of each of `s` interleaved transforms; with x of s·r·m points it writes
 *
 *     y[q + s(rp + k)] = e^(−2πi·pk/rm) · Σⱼ e^(−2πi·jk/r) · x[q + s(p + jm)]        0 ≤ q < s, 0 ≤ p < m, 0 ≤ k < r
 *
 * and the next pass has r·s transforms of m points. Lanes are neighbours in q, which share their factors. In bounds: x and y
 * are work buffers of s·r·m points, and the factors are m·(r − 1) pairs; `s` is in blocks. `pad` bytes lie between the r parts of x,
 * and `nextPad` bytes are left in y after each `run` p, for the pass that reads it (fft_plan.ts).
 */
import { add, blockBytes, im, mul, putTurned, re, splat, sub } from "./fft_lanes";

export function pass2<T>(
  x: usize,
  y: usize,
  twiddles: usize,
  m: usize,
  s: usize,
  pad: usize,
  run: usize,
  nextPad: usize,
): void {
  const step = s * blockBytes<T>();
  const leg = m * step + pad;
  let left = run;
  for (let p: usize = 0; p < m; p++) {
    const end = y + step;
    do {
      const ar = re<T>(x);
      const ai = im<T>(x);
      const br = re<T>(x + leg);
      const bi = im<T>(x + leg);
      store<T>(y, add<T>(ar, br));
      store<T>(y, add<T>(ai, bi), sizeof<T>());
      putTurned<T>(y + step, sub<T>(ar, br), sub<T>(ai, bi), twiddles);
      x += blockBytes<T>();
      y += blockBytes<T>();
    } while (y != end);
    y += step;
    twiddles += 8;
    if (--left == 0) {
      y += nextPad;
      left = run;
    }
  }
}

export function pass4<T>(
  x: usize,
  y: usize,
  twiddles: usize,
  m: usize,
  s: usize,
  pad: usize,
  run: usize,
  nextPad: usize,
): void {
  const step = s * blockBytes<T>();
  const leg = m * step + pad;
  let left = run;
  for (let p: usize = 0; p < m; p++) {
    const end = y + step;
    do {
      const x1 = x + leg;
      const x2 = x1 + leg;
      const x3 = x2 + leg;
      const sr = add<T>(re<T>(x), re<T>(x2));
      const si = add<T>(im<T>(x), im<T>(x2));
      const dr = sub<T>(re<T>(x), re<T>(x2));
      const di = sub<T>(im<T>(x), im<T>(x2));
      const tr = add<T>(re<T>(x1), re<T>(x3));
      const ti = add<T>(im<T>(x1), im<T>(x3));
      const er = sub<T>(re<T>(x1), re<T>(x3));
      const ei = sub<T>(im<T>(x1), im<T>(x3));
      const y1 = y + step;
      const y2 = y1 + step;
      const y3 = y2 + step;
      store<T>(y, add<T>(sr, tr));
      store<T>(y, add<T>(si, ti), sizeof<T>());
      putTurned<T>(y1, add<T>(dr, ei), sub<T>(di, er), twiddles);
      putTurned<T>(y2, sub<T>(sr, tr), sub<T>(si, ti), twiddles + 8);
      putTurned<T>(y3, sub<T>(dr, ei), add<T>(di, er), twiddles + 16);
      x += blockBytes<T>();
      y += blockBytes<T>();
    } while (y != end);
    y += 3 * step;
    twiddles += 24;
    if (--left == 0) {
      y += nextPad;
      left = run;
    }
  }
}

/**
 * Radix 8 in two halves, the even k and the odd ones: sixteen numbers and what is between them do not fit sixteen registers,
 * so each half reads the eight points anew, which is cheaper than to put half of them aside. `halfRoot`: √½ (fft_plan.ts says why).
 */
export function pass8<T>(
  x: usize,
  y: usize,
  twiddles: usize,
  m: usize,
  s: usize,
  pad: usize,
  run: usize,
  nextPad: usize,
  halfRoot: f32,
): void {
  const step = s * blockBytes<T>();
  const leg = m * step + pad;
  let left = run;
  const half = splat<T>(halfRoot);
  for (let p: usize = 0; p < m; p++) {
    const end = y + step;
    do {
      let near = x;
      let far = x + 4 * leg;
      let out = y;
      {
        const t0r = add<T>(re<T>(near), re<T>(far));
        const t0i = add<T>(im<T>(near), im<T>(far));
        near += leg;
        far += leg;
        const t1r = add<T>(re<T>(near), re<T>(far));
        const t1i = add<T>(im<T>(near), im<T>(far));
        near += leg;
        far += leg;
        const t2r = add<T>(re<T>(near), re<T>(far));
        const t2i = add<T>(im<T>(near), im<T>(far));
        near += leg;
        far += leg;
        const t3r = add<T>(re<T>(near), re<T>(far));
        const t3i = add<T>(im<T>(near), im<T>(far));
        const sr = add<T>(t0r, t2r);
        const si = add<T>(t0i, t2i);
        const dr = sub<T>(t0r, t2r);
        const di = sub<T>(t0i, t2i);
        const tr = add<T>(t1r, t3r);
        const ti = add<T>(t1i, t3i);
        const er = sub<T>(t1r, t3r);
        const ei = sub<T>(t1i, t3i);
        store<T>(out, add<T>(sr, tr));
        store<T>(out, add<T>(si, ti), sizeof<T>());
        out += 2 * step;
        putTurned<T>(out, add<T>(dr, ei), sub<T>(di, er), twiddles + 8);
        out += 2 * step;
        putTurned<T>(out, sub<T>(sr, tr), sub<T>(si, ti), twiddles + 24);
        out += 2 * step;
        putTurned<T>(out, sub<T>(dr, ei), add<T>(di, er), twiddles + 40);
      }
      {
        near = x;
        far = x + 4 * leg;
        const u0r = sub<T>(re<T>(near), re<T>(far));
        const u0i = sub<T>(im<T>(near), im<T>(far));
        near += leg;
        far += leg;
        const ar = sub<T>(re<T>(near), re<T>(far));
        const ai = sub<T>(im<T>(near), im<T>(far));
        near += leg;
        far += leg;
        const u2r = sub<T>(re<T>(near), re<T>(far));
        const u2i = sub<T>(im<T>(near), im<T>(far));
        near += leg;
        far += leg;
        const br = sub<T>(re<T>(near), re<T>(far));
        const bi = sub<T>(im<T>(near), im<T>(far));
        // Of √½ · (1 − i)(a) and √½ · (−1 − i)(b) the sum and the difference; of u0 and −i · u2 likewise.
        const u1r = add<T>(ar, ai);
        const u1i = sub<T>(ai, ar);
        const u3r = sub<T>(bi, br);
        const u3i = add<T>(br, bi);
        const tr = mul<T>(add<T>(u1r, u3r), half);
        const ti = mul<T>(sub<T>(u1i, u3i), half);
        const er = mul<T>(sub<T>(u1r, u3r), half);
        const ei = mul<T>(add<T>(u1i, u3i), half);
        const sr = add<T>(u0r, u2i);
        const si = sub<T>(u0i, u2r);
        const dr = sub<T>(u0r, u2i);
        const di = add<T>(u0i, u2r);
        out = y + step;
        putTurned<T>(out, add<T>(sr, tr), add<T>(si, ti), twiddles);
        out += 2 * step;
        putTurned<T>(out, add<T>(dr, ei), sub<T>(di, er), twiddles + 16);
        out += 2 * step;
        putTurned<T>(out, sub<T>(sr, tr), sub<T>(si, ti), twiddles + 32);
        out += 2 * step;
        putTurned<T>(out, sub<T>(dr, ei), add<T>(di, er), twiddles + 48);
      }
      x += blockBytes<T>();
      y += blockBytes<T>();
    } while (y != end);
    y += 7 * step;
    twiddles += 56;
    if (--left == 0) {
      y += nextPad;
      left = run;
    }
  }
}
