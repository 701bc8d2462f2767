/**
 * Converting samples from one format to another: see sample.ts for formats, profiles and the arithmetic.
 *
 * Every pair of formats has the same compact path, one sample at a time through f64. The pairs that streams are made of
 * (integers to f32 and back, f32 to f64 and back, another byte order) have vector forms, in convert_simd.ts; they take
 * as many whole vectors as there are and leave the rest to this path. Both give the same bits, except for the payload
 * of a NaN that changes its width.
 *
 * A format converted to itself, or to its other byte order, keeps its bits.
 *
 * Contract: source and destination do not overlap, or begin at the same address and have samples of the same size.
 */
import { convertSimd, reverseSimd } from "./convert_simd";
import {
  biasOf,
  divisorOf,
  highestOf,
  isFloatFormat,
  kindOf,
  lowestOf,
  offsetOf,
  readSample,
  sampleBytes,
  writeSample,
} from "./sample";

/** Converts `count` samples. */
export function convert(
  source: usize,
  sourceFormat: u32,
  target: usize,
  targetFormat: u32,
  count: usize,
  profile: u32,
): void {
  const sourceBytes = sampleBytes(sourceFormat);
  if (kindOf(sourceFormat) == kindOf(targetFormat)) {
    if (sourceFormat == targetFormat || sourceBytes == 1) memory.copy(target, source, count * sourceBytes);
    else reverse(source, target, count, sourceBytes);
    return;
  }
  let done: usize = 0;
  if (ASC_FEATURE_SIMD) done = convertSimd(source, sourceFormat, target, targetFormat, count, profile);
  source += done * sourceBytes;
  target += done * sampleBytes(targetFormat);
  convertScalar(source, sourceFormat, target, targetFormat, count - done, profile);
}

/** Copies `count` samples of `bytes` (2, 3, 4 or 8) bytes, each with its bytes in reverse. */
function reverse(source: usize, target: usize, count: usize, bytes: usize): void {
  let done: usize = 0;
  if (ASC_FEATURE_SIMD) done = reverseSimd(source, target, count, bytes);
  reverseScalar(source + done * bytes, target + done * bytes, count - done, bytes);
}

/** The same, sample by sample. */
export function reverseScalar(source: usize, target: usize, count: usize, bytes: usize): void {
  for (; count != 0; count--) {
    // From both ends at once, so that it may be done in place; a middle byte is exchanged with itself.
    for (let i: usize = 0, j = bytes - 1; i <= j; i++, j--) {
      const first = load<u8>(source + i);
      store<u8>(target + i, load<u8>(source + j));
      store<u8>(target + j, first);
    }
    source += bytes;
    target += bytes;
  }
}

/** Converts `count` samples through f64. */
export function convertScalar(
  source: usize,
  sourceFormat: u32,
  target: usize,
  targetFormat: u32,
  count: usize,
  profile: u32,
): void {
  const sourceBytes = sampleBytes(sourceFormat);
  const sourceBias = biasOf(sourceFormat, profile);
  const sourceDivisor = divisorOf(sourceFormat, profile);
  const sourceOffset = offsetOf(sourceFormat, profile);
  const targetBytes = sampleBytes(targetFormat);
  const targetBias = biasOf(targetFormat, profile);
  const targetDivisor = divisorOf(targetFormat, profile);
  const targetOffset = offsetOf(targetFormat, profile);
  const lowest = lowestOf(targetFormat);
  const highest = highestOf(targetFormat);
  for (; count != 0; count--) {
    let value = (readSample(source, sourceFormat) - sourceBias) / sourceDivisor - sourceOffset;
    if (!isFloatFormat(targetFormat)) {
      value = nearest((value + targetOffset) * targetDivisor) + targetBias;
      value = max(lowest, min(highest, value));
    }
    writeSample(target, targetFormat, value);
    source += sourceBytes;
    target += targetBytes;
  }
}
