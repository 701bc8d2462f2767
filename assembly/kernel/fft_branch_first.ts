/**
 * The first pass of a real transform of 2m samples, for the powers of two that `isBranched` names. With r the radix that a complex
 * transform of m points begins with, M = m/r, and x[j] short for the sample p + jM, it makes r branches of M complex points:
 *
 *     y[c][p] = e^(−2πi·pc/2m) · Σⱼ e^(−2πi·jc/2r) · x[j]      0 < c < r, 0 ≤ p < M, 0 ≤ j < 2r
 *     y[0][p] = u[2p] + i·u[2p + 1]                            u[p] = Σ x[even j], u[p + M] = Σ x[odd j]
 *
 * The transform of branch c holds bins c, 2r + c, 4r + c …, in its second half those beyond m, which mirror the ones below. So
 * only branch 0, which holds bins 0, r, 2r … as packed pairs, has to be split afterwards: an r-th of what there would be to
 * split if all samples were packed. All passes that follow are those of a complex transform.
 *
 * Lanes are neighbours in p, and what comes out for one p lies side by side, as in fft_first.ts. In bounds: x (and the window) are 2m
 * numbers, y is a work buffer of m points, `sums` another one, 4 divides M, and m is 64 or more.
 */
import { add, blockBytes, im, lanes, mul, re, splatAt, sub } from "./fft_lanes";
import { branchesAt, constantsAt } from "./fft_plan";
import { transposed } from "./fft_shuffles";

/** The first pass. `window`: 2m numbers, 0 for none; `run`, `pad`: as in fft_pass.ts. */
@inline
export function firstOfReal<T>(
  radix: u32,
  m: u32,
  x: usize,
  y: usize,
  sums: usize,
  plan: usize,
  window: usize,
  run: usize,
  pad: usize,
): void {
  const twiddles = plan + branchesAt(m);
  const constants = plan + constantsAt(m);
  if (radix == 8) {
    if (window != 0) first16<T>(true, m, x, y, sums, twiddles, window, run, pad, constants);
    else first16<T>(false, m, x, y, sums, twiddles, 0, run, pad, constants);
  } else if (window != 0) first8<T>(true, m, x, y, sums, twiddles, window, run, pad, constants);
  else first8<T>(false, m, x, y, sums, twiddles, 0, run, pad, constants);
  pack<T>(radix, m, y, sums, run, pad);
}

/** Puts the pairs of sums in their places, those of branch 0. */
@inline
function pack<T>(radix: u32, m: u32, y: usize, sums: usize, run: usize, pad: usize): void {
  const end = sums + usize(8 * (m >> ctz(radix)));
  // From one point to the next one.
  const stride = usize(radix) << 3;
  do {
    const stop = y + run * stride;
    do {
      if (isVector<T>()) {
        let pairs = v128.load(sums);
        v128.store32_lane(y, pairs, 0);
        v128.store32_lane(y, pairs, 1, 16);
        y += stride;
        v128.store32_lane(y, pairs, 2);
        v128.store32_lane(y, pairs, 3, 16);
        y += stride;
        pairs = v128.load(sums, 16);
        v128.store32_lane(y, pairs, 0);
        v128.store32_lane(y, pairs, 1, 16);
        y += stride;
        v128.store32_lane(y, pairs, 2);
        v128.store32_lane(y, pairs, 3, 16);
      } else {
        store<f32>(y, load<f32>(sums));
        store<f32>(y, load<f32>(sums, 4), 4);
      }
      y += stride;
      sums += blockBytes<T>();
    } while (y != stop);
    y += pad;
  } while (sums != end);
}


@inline
function sample<T>(windowed: bool, at: usize, window: usize): T {
  return windowed ? mul<T>(load<T>(at), load<T>(window)) : load<T>(at);
}

/** Writes (r + i·j) times the factors at `factors`. */
@inline
function putTurned<T>(at: usize, r: T, j: T, factors: usize): void {
  const c = re<T>(factors);
  const s = im<T>(factors);
  const real = sub<T>(mul<T>(r, c), mul<T>(j, s));
  const imaginary = add<T>(mul<T>(r, s), mul<T>(j, c));
  store<T>(at, real);
  store<T>(at, imaginary, sizeof<T>());
}

/** Writes (r − i·j) times them. */
@inline
function putConjugate<T>(at: usize, r: T, j: T, factors: usize): void {
  const c = re<T>(factors);
  const s = im<T>(factors);
  const real = add<T>(mul<T>(r, c), mul<T>(j, s));
  const imaginary = sub<T>(mul<T>(r, s), mul<T>(j, c));
  store<T>(at, real);
  store<T>(at, imaginary, sizeof<T>());
}

/** Answers with x[j] − x[j + 8], and puts their sum aside. */
@inline
function difference<T>(windowed: bool, at: usize, far: usize, window: usize, farther: usize, aside: usize): T {
  const a = sample<T>(windowed, at, window);
  const b = sample<T>(windowed, far, farther);
  store<T>(aside, add<T>(a, b));
  return sub<T>(a, b);
}

/** Writes four branches of the p that the lanes are. `stride`: bytes from a p to the next one. */
@inline
function four<T>(at: usize, stride: usize, a: T, b: T, c: T, d: T): void {
  if (isVector<T>()) transposed(at, stride, a, b, c, d);
  else {
    store<T>(at, a);
    store<T>(at, b, 8);
    store<T>(at, c, 16);
    store<T>(at, d, 24);
  }
}


@inline
function first8<T>(
  windowed: bool,
  m: u32,
  x: usize,
  y: usize,
  sums: usize,
  twiddles: usize,
  window: usize,
  run: usize,
  pad: usize,
  constants: usize,
): void {
  let left = run;
  // m/4 samples of 4 bytes.
  const leg = usize(m);
  const end = x + leg;
  const half = splatAt<T>(constants);
  do {
    let at = x;
    let w = window;
    const x0 = sample<T>(windowed, at, w);
    at += leg;
    w += leg;
    const x1 = sample<T>(windowed, at, w);
    at += leg;
    w += leg;
    const x2 = sample<T>(windowed, at, w);
    at += leg;
    w += leg;
    const x3 = sample<T>(windowed, at, w);
    at += leg;
    w += leg;
    const x4 = sample<T>(windowed, at, w);
    at += leg;
    w += leg;
    const x5 = sample<T>(windowed, at, w);
    at += leg;
    w += leg;
    const x6 = sample<T>(windowed, at, w);
    at += leg;
    w += leg;
    const x7 = sample<T>(windowed, at, w);
    const t0 = add<T>(x0, x4);
    const t1 = add<T>(x1, x5);
    const t2 = add<T>(x2, x6);
    const t3 = add<T>(x3, x7);
    const d0 = sub<T>(x0, x4);
    const d1 = sub<T>(x1, x5);
    const d2 = sub<T>(x2, x6);
    const d3 = sub<T>(x3, x7);
    const even = add<T>(t0, t2);
    const odd = add<T>(t1, t3);
    store<T>(sums, even);
    store<T>(sums + leg, odd);
    const q = mul<T>(sub<T>(d1, d3), half);
    const v = mul<T>(add<T>(d1, d3), half);
    const y1r = add<T>(d0, q);
    const y1n = add<T>(d2, v);
    const y2r = sub<T>(t0, t2);
    const y2n = sub<T>(t1, t3);
    const y3r = sub<T>(d0, q);
    const y3i = sub<T>(d2, v);
    const c1 = re<T>(twiddles);
    const s1 = im<T>(twiddles);
    const c2 = re<T>(twiddles + blockBytes<T>());
    const s2 = im<T>(twiddles + blockBytes<T>());
    const c3 = re<T>(twiddles + 2 * blockBytes<T>());
    const s3 = im<T>(twiddles + 2 * blockBytes<T>());
    four<T>(
      y,
      32,
      even,
      add<T>(mul<T>(y1r, c1), mul<T>(y1n, s1)),
      add<T>(mul<T>(y2r, c2), mul<T>(y2n, s2)),
      sub<T>(mul<T>(y3r, c3), mul<T>(y3i, s3)),
    );
    four<T>(
      y + sizeof<T>(),
      32,
      odd,
      sub<T>(mul<T>(y1r, s1), mul<T>(y1n, c1)),
      sub<T>(mul<T>(y2r, s2), mul<T>(y2n, c2)),
      add<T>(mul<T>(y3r, s3), mul<T>(y3i, c3)),
    );
    x += sizeof<T>();
    window += sizeof<T>();
    sums += sizeof<T>();
    y += 8 * sizeof<T>();
    twiddles += 3 * blockBytes<T>();
    left -= lanes<T>();
    if (left == 0) {
      y += pad;
      left = run;
    }
  } while (x != end);
}


@inline
function first16<T>(
  windowed: bool,
  m: u32,
  x: usize,
  y: usize,
  sums: usize,
  twiddles: usize,
  window: usize,
  run: usize,
  pad: usize,
  constants: usize,
): void {
  let left = run;
  // m/8 samples of 4 bytes.
  const leg = usize(m >> 1);
  const end = x + leg;
  // Behind the sums is room for what is put aside: m + 256 bytes are fewer than the 8m of a work buffer. It is, because V8 would
  // put aside far more: sixteen registers do not hold all of it.
  const aside = sums + 2 * leg;
  const half = splatAt<T>(constants);
  const cosine = splatAt<T>(constants + 8);
  const sine = splatAt<T>(constants + 12);
  do {
    {
      let near = x;
      let far = x + 8 * leg;
      let w = window;
      let v = window + 8 * leg;
      const d0 = difference<T>(windowed, near, far, w, v, aside + 8 * sizeof<T>());
      near += leg;
      far += leg;
      w += leg;
      v += leg;
      const d1 = difference<T>(windowed, near, far, w, v, aside + 9 * sizeof<T>());
      near += leg;
      far += leg;
      w += leg;
      v += leg;
      const d2 = difference<T>(windowed, near, far, w, v, aside + 10 * sizeof<T>());
      near += leg;
      far += leg;
      w += leg;
      v += leg;
      const d3 = difference<T>(windowed, near, far, w, v, aside + 11 * sizeof<T>());
      near += leg;
      far += leg;
      w += leg;
      v += leg;
      const d4 = difference<T>(windowed, near, far, w, v, aside + 12 * sizeof<T>());
      near += leg;
      far += leg;
      w += leg;
      v += leg;
      const d5 = difference<T>(windowed, near, far, w, v, aside + 13 * sizeof<T>());
      near += leg;
      far += leg;
      w += leg;
      v += leg;
      const d6 = difference<T>(windowed, near, far, w, v, aside + 14 * sizeof<T>());
      near += leg;
      far += leg;
      w += leg;
      v += leg;
      const d7 = difference<T>(windowed, near, far, w, v, aside + 15 * sizeof<T>());
      // The odd c. Those of d[j] − i·d[j + 4], turned by j sixteenths, are c = 1, 5, and mirrored 7 and 3.
      const r1 = sub<T>(mul<T>(d1, cosine), mul<T>(d5, sine));
      const n1 = add<T>(mul<T>(d1, sine), mul<T>(d5, cosine));
      const r3 = sub<T>(mul<T>(d3, sine), mul<T>(d7, cosine));
      const n3 = add<T>(mul<T>(d3, cosine), mul<T>(d7, sine));
      const r2 = mul<T>(sub<T>(d2, d6), half);
      const n2 = mul<T>(add<T>(d2, d6), half);
      const sr = add<T>(d0, r2);
      const sn = add<T>(d4, n2);
      const dr = sub<T>(d0, r2);
      const dn = sub<T>(d4, n2);
      const tr = add<T>(r1, r3);
      const tn = add<T>(n1, n3);
      const er = sub<T>(r1, r3);
      const en = sub<T>(n1, n3);
      putConjugate<T>(aside, add<T>(sr, tr), add<T>(sn, tn), twiddles);
      putTurned<T>(aside + blockBytes<T>(), add<T>(dr, en), sub<T>(dn, er), twiddles + 2 * blockBytes<T>());
      putConjugate<T>(aside + 2 * blockBytes<T>(), sub<T>(dr, en), add<T>(dn, er), twiddles + 4 * blockBytes<T>());
      putTurned<T>(aside + 3 * blockBytes<T>(), sub<T>(sr, tr), sub<T>(sn, tn), twiddles + 6 * blockBytes<T>());
    }
    {
      const t0 = load<T>(aside + 8 * sizeof<T>());
      const t1 = load<T>(aside + 9 * sizeof<T>());
      const t2 = load<T>(aside + 10 * sizeof<T>());
      const t3 = load<T>(aside + 11 * sizeof<T>());
      const t4 = load<T>(aside + 12 * sizeof<T>());
      const t5 = load<T>(aside + 13 * sizeof<T>());
      const t6 = load<T>(aside + 14 * sizeof<T>());
      const t7 = load<T>(aside + 15 * sizeof<T>());
      // And the even ones.
      const a0 = add<T>(t0, t4);
      const a1 = add<T>(t1, t5);
      const a2 = add<T>(t2, t6);
      const a3 = add<T>(t3, t7);
      const b0 = sub<T>(t0, t4);
      const b1 = sub<T>(t1, t5);
      const b2 = sub<T>(t2, t6);
      const b3 = sub<T>(t3, t7);
      const even = add<T>(a0, a2);
      const odd = add<T>(a1, a3);
      store<T>(sums, even);
      store<T>(sums + leg, odd);
      const g = mul<T>(sub<T>(b1, b3), half);
      const h = mul<T>(add<T>(b1, b3), half);
      const y2r = add<T>(b0, g);
      const y2n = add<T>(b2, h);
      const c2 = re<T>(twiddles + blockBytes<T>());
      const s2 = im<T>(twiddles + blockBytes<T>());
      const one = aside;
      const three = aside + blockBytes<T>();
      four<T>(y, 64, even, re<T>(one), add<T>(mul<T>(y2r, c2), mul<T>(y2n, s2)), re<T>(three));
      four<T>(y + sizeof<T>(), 64, odd, im<T>(one), sub<T>(mul<T>(y2r, s2), mul<T>(y2n, c2)), im<T>(three));
      const y4r = sub<T>(a0, a2);
      const y4n = sub<T>(a1, a3);
      const y6r = sub<T>(b0, g);
      const y6i = sub<T>(b2, h);
      const c4 = re<T>(twiddles + 3 * blockBytes<T>());
      const s4 = im<T>(twiddles + 3 * blockBytes<T>());
      const c6 = re<T>(twiddles + 5 * blockBytes<T>());
      const s6 = im<T>(twiddles + 5 * blockBytes<T>());
      const five = aside + 2 * blockBytes<T>();
      const seven = aside + 3 * blockBytes<T>();
      four<T>(
        y + 32,
        64,
        add<T>(mul<T>(y4r, c4), mul<T>(y4n, s4)),
        re<T>(five),
        sub<T>(mul<T>(y6r, c6), mul<T>(y6i, s6)),
        re<T>(seven),
      );
      four<T>(
        y + 32 + sizeof<T>(),
        64,
        sub<T>(mul<T>(y4r, s4), mul<T>(y4n, c4)),
        im<T>(five),
        add<T>(mul<T>(y6r, s6), mul<T>(y6i, c6)),
        im<T>(seven),
      );
    }
    x += sizeof<T>();
    window += sizeof<T>();
    sums += sizeof<T>();
    y += 16 * sizeof<T>();
    twiddles += 7 * blockBytes<T>();
    left -= lanes<T>();
    if (left == 0) {
      y += pad;
      left = run;
    }
  } while (x != end);
}
