/**
 * Finding a literal: a string of known bytes.
 *
 * Two bytes of the needle are enough to rule nearly every place out, if they are rare ones: the caller names their
 * offsets in the needle (src/kernel/rare.ts chooses them). The vector form asks of 64 places a turn whether both bytes
 * are where they would have to be, with one branch for all 64. Only places where both are get compared with the whole
 * needle.
 *
 * Every load lies inside the hay: place p reads p + offset < p + needleLength, and only places with
 * p + needleLength ≤ length are asked about.
 *
 * Contract of every form: `1 ≤ needleLength`, `rareA` and `rareB` below it; the answer is the index of the needle's
 * first occurrence, in bytes from `hay`; `length` when it is absent, or longer than the hay. The time is proportional
 * to `length` unless places keep passing the filter; then it is at worst `length · needleLength / 8`.
 */

/** Index of the first occurrence of the needle among `length` bytes of hay; `length` when absent. */
@inline
export function findLiteral(
  hay: usize,
  length: usize,
  needle: usize,
  needleLength: usize,
  rareA: usize,
  rareB: usize,
): usize {
  if (needleLength > length) return length;
  const places = length - needleLength + 1;
  const found = ASC_FEATURE_SIMD
    ? findLiteralSimd(hay, places, needle, needleLength, rareA, rareB)
    : findLiteralScalar(hay, places, needle, needleLength, rareA, rareB);
  return found < places ? found : length;
}

/** Whether `length` bytes are the same at both addresses. */
function same(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) {
    if (load<u64>(a + i) != load<u64>(b + i)) return false;
  }
  for (; i < length; i++) {
    if (load<u8>(a + i) != load<u8>(b + i)) return false;
  }
  return true;
}

/** The first of `places` places where the needle is; `places` when there is none. */
export function findLiteralScalar(
  hay: usize,
  places: usize,
  needle: usize,
  needleLength: usize,
  rareA: usize,
  rareB: usize,
): usize {
  const a = load<u8>(needle + rareA);
  const b = load<u8>(needle + rareB);
  for (let place: usize = 0; place < places; place++) {
    const at = hay + place;
    if (load<u8>(at + rareA) == a && load<u8>(at + rareB) == b && same(at, needle, needleLength)) return place;
  }
  return places;
}

/**
 * The places among 16 where both rare bytes are, as a vector mask; `hayA` and `hayB`: the bytes at the places' offsets.
 */
@inline
function passing(hayA: v128, hayB: v128, a: v128, b: v128): v128 {
  return v128.and(i8x16.eq(hayA, a), i8x16.eq(hayB, b));
}

/** The first of the marked places behind `at` where the whole needle is; 64 when there is none. */
function confirm(at: usize, marked: u64, needle: usize, needleLength: usize): usize {
  for (; marked != 0; marked &= marked - 1) {
    const place = usize(ctz(marked));
    if (same(at + place, needle, needleLength)) return place;
  }
  return 64;
}

/** The same as the scalar form. */
export function findLiteralSimd(
  hay: usize,
  places: usize,
  needle: usize,
  needleLength: usize,
  rareA: usize,
  rareB: usize,
): usize {
  if (places < 16) return findLiteralScalar(hay, places, needle, needleLength, rareA, rareB);
  const a = v128.load8_splat(needle + rareA);
  const b = v128.load8_splat(needle + rareB);
  let place: usize = 0;
  // The test stands at the loop's end: V8 keeps the splats in registers only where a loop's body always runs.
  if (places >= 64)
    do {
      const atA = hay + place + rareA;
      const atB = hay + place + rareB;
      const m0 = passing(v128.load(atA), v128.load(atB), a, b);
      const m1 = passing(v128.load(atA, 16), v128.load(atB, 16), a, b);
      const m2 = passing(v128.load(atA, 32), v128.load(atB, 32), a, b);
      const m3 = passing(v128.load(atA, 48), v128.load(atB, 48), a, b);
      if (v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) {
        const marked =
          u64(i8x16.bitmask(m0)) |
          (u64(i8x16.bitmask(m1)) << 16) |
          (u64(i8x16.bitmask(m2)) << 32) |
          (u64(i8x16.bitmask(m3)) << 48);
        const found = confirm(hay + place, marked, needle, needleLength);
        if (found < 64) return place + found;
      }
      place += 64;
    } while (places - place >= 64);
  while (place < places) {
    // The last 16 places overlap ones already ruled out; those are only ruled out again.
    place = min(place, places - 16);
    const marked = i8x16.bitmask(passing(v128.load(hay + place + rareA), v128.load(hay + place + rareB), a, b));
    const found = confirm(hay + place, u64(marked), needle, needleLength);
    if (found < 64) return place + found;
    place += 16;
  }
  return places;
}
