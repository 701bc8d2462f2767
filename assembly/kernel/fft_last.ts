/**
 * The last pass of a transform, which has no twiddle factors: as in fft_pass.ts with m = 1. It writes in any form. In bounds: x
 * and y are r·s points, `s` in blocks; `pad` bytes lie between the r parts of x.
 */
import { Form, add, blockBytes, im, mul, put, re, splat, sub } from "./fft_lanes";

/** √¾: the sine of a third of a turn. */
const SIN_3: f32 = 0.8660254037844386;
/** Cosines and sines of one and of two fifths of a turn. */
const COS_51: f32 = 0.30901699437494745;
const COS_52: f32 = -0.8090169943749475;
const SIN_51: f32 = 0.9510565162951535;
const SIN_52: f32 = 0.5877852522924731;

/** The last pass of radix r, 1 to 5 or 8. */
@inline
export function lastPass<T>(
  radix: u32,
  form: i32,
  x: usize,
  y: usize,
  s: usize,
  pad: usize,
  scale: f32,
  halfRoot: f32,
): void {
  if (form == Form.BLOCKS) lastIn<T>(radix, Form.BLOCKS, x, y, s, pad, scale, halfRoot);
  else if (form == Form.PAIRS) lastIn<T>(radix, Form.PAIRS, x, y, s, pad, scale, halfRoot);
  else lastIn<T>(radix, Form.SWAPPED, x, y, s, pad, scale, halfRoot);
}


@inline
function lastIn<T>(radix: u32, form: i32, x: usize, y: usize, s: usize, pad: usize, scale: f32, halfRoot: f32): void {
  const factor = splat<T>(scale);
  const leg = s * blockBytes<T>();
  if (radix == 8) last8<T>(form, x, y, leg, leg + pad, factor, halfRoot);
  else if (radix == 4) last4<T>(form, x, y, leg, leg + pad, factor);
  else if (radix == 3) last3<T>(form, x, y, leg, leg + pad, factor);
  else if (radix == 5) last5<T>(form, x, y, leg, leg + pad, factor);
  else if (radix == 2) last2<T>(form, x, y, leg, leg + pad, factor);
  else put<T>(form, y, re<T>(x), im<T>(x), factor);
}


@inline
function last2<T>(form: i32, x: usize, y: usize, step: usize, leg: usize, scale: T): void {
  const end = x + step;
  do {
    const ar = re<T>(x);
    const ai = im<T>(x);
    const br = re<T>(x + leg);
    const bi = im<T>(x + leg);
    put<T>(form, y, add<T>(ar, br), add<T>(ai, bi), scale);
    put<T>(form, y + step, sub<T>(ar, br), sub<T>(ai, bi), scale);
    x += blockBytes<T>();
    y += blockBytes<T>();
  } while (x != end);
}


@inline
function last3<T>(form: i32, x: usize, y: usize, step: usize, leg: usize, scale: T): void {
  const end = x + step;
  const half = splat<T>(0.5);
  const sine = splat<T>(SIN_3);
  do {
    const x1 = x + leg;
    const x2 = x1 + leg;
    const y1 = y + step;
    const y2 = y1 + step;
    const ar = re<T>(x);
    const ai = im<T>(x);
    const sr = add<T>(re<T>(x1), re<T>(x2));
    const si = add<T>(im<T>(x1), im<T>(x2));
    const er = mul<T>(sub<T>(re<T>(x1), re<T>(x2)), sine);
    const ei = mul<T>(sub<T>(im<T>(x1), im<T>(x2)), sine);
    const mr = sub<T>(ar, mul<T>(sr, half));
    const mi = sub<T>(ai, mul<T>(si, half));
    put<T>(form, y, add<T>(ar, sr), add<T>(ai, si), scale);
    put<T>(form, y1, add<T>(mr, ei), sub<T>(mi, er), scale);
    put<T>(form, y2, sub<T>(mr, ei), add<T>(mi, er), scale);
    x += blockBytes<T>();
    y += blockBytes<T>();
  } while (x != end);
}


@inline
function last4<T>(form: i32, x: usize, y: usize, step: usize, leg: usize, scale: T): void {
  const end = x + step;
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
    put<T>(form, y, add<T>(sr, tr), add<T>(si, ti), scale);
    put<T>(form, y1, add<T>(dr, ei), sub<T>(di, er), scale);
    put<T>(form, y2, sub<T>(sr, tr), sub<T>(si, ti), scale);
    put<T>(form, y3, sub<T>(dr, ei), add<T>(di, er), scale);
    x += blockBytes<T>();
    y += blockBytes<T>();
  } while (x != end);
}


@inline
function last5<T>(form: i32, x: usize, y: usize, step: usize, leg: usize, scale: T): void {
  const end = x + step;
  const c1 = splat<T>(COS_51);
  const c2 = splat<T>(COS_52);
  const s1 = splat<T>(SIN_51);
  const s2 = splat<T>(SIN_52);
  do {
    const x1 = x + leg;
    const x2 = x1 + leg;
    const x3 = x2 + leg;
    const x4 = x3 + leg;
    const ar = re<T>(x);
    const ai = im<T>(x);
    const tr = add<T>(re<T>(x1), re<T>(x4));
    const ti = add<T>(im<T>(x1), im<T>(x4));
    const er = sub<T>(re<T>(x1), re<T>(x4));
    const ei = sub<T>(im<T>(x1), im<T>(x4));
    const ur = add<T>(re<T>(x2), re<T>(x3));
    const ui = add<T>(im<T>(x2), im<T>(x3));
    const fr = sub<T>(re<T>(x2), re<T>(x3));
    const fi = sub<T>(im<T>(x2), im<T>(x3));
    const y1 = y + step;
    const y2 = y1 + step;
    const y3 = y2 + step;
    const y4 = y3 + step;
    put<T>(form, y, add<T>(ar, add<T>(tr, ur)), add<T>(ai, add<T>(ti, ui)), scale);
    const mr = add<T>(ar, add<T>(mul<T>(tr, c1), mul<T>(ur, c2)));
    const mi = add<T>(ai, add<T>(mul<T>(ti, c1), mul<T>(ui, c2)));
    const gr = add<T>(mul<T>(er, s1), mul<T>(fr, s2));
    const gi = add<T>(mul<T>(ei, s1), mul<T>(fi, s2));
    put<T>(form, y1, add<T>(mr, gi), sub<T>(mi, gr), scale);
    put<T>(form, y4, sub<T>(mr, gi), add<T>(mi, gr), scale);
    const nr = add<T>(ar, add<T>(mul<T>(tr, c2), mul<T>(ur, c1)));
    const ni = add<T>(ai, add<T>(mul<T>(ti, c2), mul<T>(ui, c1)));
    const hr = sub<T>(mul<T>(er, s2), mul<T>(fr, s1));
    const hi = sub<T>(mul<T>(ei, s2), mul<T>(fi, s1));
    put<T>(form, y2, add<T>(nr, hi), sub<T>(ni, hr), scale);
    put<T>(form, y3, sub<T>(nr, hi), add<T>(ni, hr), scale);
    x += blockBytes<T>();
    y += blockBytes<T>();
  } while (x != end);
}

/** In two halves, as in fft_pass.ts. */
@inline
function last8<T>(form: i32, x: usize, y: usize, step: usize, leg: usize, scale: T, halfRoot: f32): void {
  const end = x + step;
  const half = splat<T>(halfRoot);
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
      put<T>(form, out, add<T>(sr, tr), add<T>(si, ti), scale);
      out += 2 * step;
      put<T>(form, out, add<T>(dr, ei), sub<T>(di, er), scale);
      out += 2 * step;
      put<T>(form, out, sub<T>(sr, tr), sub<T>(si, ti), scale);
      out += 2 * step;
      put<T>(form, out, sub<T>(dr, ei), add<T>(di, er), scale);
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
      put<T>(form, out, add<T>(sr, tr), add<T>(si, ti), scale);
      out += 2 * step;
      put<T>(form, out, add<T>(dr, ei), sub<T>(di, er), scale);
      out += 2 * step;
      put<T>(form, out, sub<T>(sr, tr), sub<T>(si, ti), scale);
      out += 2 * step;
      put<T>(form, out, sub<T>(dr, ei), add<T>(di, er), scale);
    }
    x += blockBytes<T>();
    y += blockBytes<T>();
  } while (x != end);
}
