/**
 * Decimal digits of a double, exactly: the fewest that name it and no other double, the nearest ones of those (what JavaScript
 * prints), or a given number of them.
 *
 * The value is the fraction `r / s` of two whole numbers of any length; `low` and `high` are half the way to the doubles below
 * and above, over the same denominator (Steele and White, "How to print floating-point numbers accurately", 1990). It is slow
 * beside what tables and estimates can do, short, and right; a handful of numbers is printed.
 *
 * A whole number lies in memory as its count of words and the words, the least first: 80 words hold 2²⁵⁶⁰, and none here is
 * above 2¹¹⁵⁰.
 */

const WORDS: usize = 80;
const BYTES: usize = 4 + 4 * WORDS;

const r = memory.data(324, 8);
const s = memory.data(324, 8);
const low = memory.data(324, 8);
const high = memory.data(324, 8);
const sum = memory.data(324, 8);

/** The digits found, as values 0 to 9. */
export const digits: usize = memory.data(32);
/** How many digits there are. */
export let digitCount: i32 = 0;
/** Where the point is: the value is 0.d₁d₂d₃… times ten to this. */
export let pointAt: i32 = 0;

// Every address below lies within a number: lengths stay far below WORDS, as said above.

@inline
function lengthOf(a: usize): usize {
  return load<u32>(a);
}

/** a = value */
function assign(a: usize, value: u64): void {
  memory.fill(a, 0, BYTES);
  store<u64>(a, value, 4);
  trim(a, 2);
}

/** Counts the words, of which there are at most `words`. */
function trim(a: usize, words: usize): void {
  while (words > 0 && load<u32>(a + 4 * words) == 0) words--;
  store<u32>(a, u32(words));
}

/** a = a · factor */
function multiply(a: usize, factor: u32): void {
  const length = lengthOf(a);
  let carry: u64 = 0;
  for (let i: usize = 1; i <= length; i++) {
    carry += u64(load<u32>(a + 4 * i)) * factor;
    store<u32>(a + 4 * i, u32(carry));
    carry >>= 32;
  }
  store<u32>(a + 4 * (length + 1), u32(carry));
  trim(a, length + 1);
}

function multiplyByPowerOfTen(a: usize, power: i32): void {
  for (; power >= 9; power -= 9) multiply(a, 1000000000);
  for (; power > 0; power--) multiply(a, 10);
}

/** a = a · 2^bits */
function shift(a: usize, bits: u32): void {
  const length = lengthOf(a);
  const words: usize = bits >> 5;
  if (words > 0) {
    memory.copy(a + 4 + 4 * words, a + 4, 4 * length);
    memory.fill(a + 4, 0, 4 * words);
    store<u32>(a, length == 0 ? 0 : u32(length + words));
  }
  multiply(a, 1 << (bits & 31));
}

/** Below 0, 0, or above 0 as a is less than, equal to, or more than b. */
function compare(a: usize, b: usize): i32 {
  const length = lengthOf(a);
  if (length != lengthOf(b)) return length < lengthOf(b) ? -1 : 1;
  for (let i = length; i > 0; i--) {
    const x = load<u32>(a + 4 * i);
    const y = load<u32>(b + 4 * i);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** a = a − b, which is not below 0 */
function subtract(a: usize, b: usize): void {
  const length = lengthOf(a);
  let borrow: i64 = 0;
  for (let i: usize = 1; i <= length; i++) {
    borrow += i64(load<u32>(a + 4 * i)) - i64(i <= lengthOf(b) ? load<u32>(b + 4 * i) : 0);
    store<u32>(a + 4 * i, u32(borrow));
    borrow >>= 32;
  }
  trim(a, length);
}

/** Compares a + b with c. */
function compareSum(a: usize, b: usize, c: usize): i32 {
  const length = max(lengthOf(a), lengthOf(b));
  memory.fill(sum, 0, BYTES);
  let carry: u64 = 0;
  for (let i: usize = 1; i <= length + 1; i++) {
    if (i <= lengthOf(a)) carry += load<u32>(a + 4 * i);
    if (i <= lengthOf(b)) carry += load<u32>(b + 4 * i);
    store<u32>(sum + 4 * i, u32(carry));
    carry >>= 32;
  }
  trim(sum, length + 1);
  return compare(sum, c);
}

/** Sets r / s to a positive value, `low` and `high` to half the way to its neighbours, and `pointAt` to a first guess. */
function begin(value: f64): void {
  const bits = reinterpret<u64>(value);
  const exponentBits = i32((bits >> 52) & 0x7ff);
  const fraction = bits & 0xfffffffffffff;
  const mantissa = exponentBits == 0 ? fraction : fraction | (1 << 52);
  const exponent = (exponentBits == 0 ? 1 : exponentBits) - 1075;
  // The double below a power of two is only half as far away.
  const uneven: u32 = fraction == 0 && exponentBits > 1 ? 1 : 0;
  assign(r, mantissa);
  assign(s, 1);
  assign(low, 1);
  assign(high, 1);
  shift(r, u32(max(exponent, 0)) + 1 + uneven);
  shift(s, u32(max(-exponent, 0)) + 1 + uneven);
  shift(low, u32(max(exponent, 0)));
  shift(high, u32(max(exponent, 0)) + uneven);
  // log10(2) times the binary logarithm, never too large and at most one too small.
  const bitsOfValue = 64 - i32(clz(mantissa)) + exponent;
  pointAt = i32(Math.ceil(f64(bitsOfValue - 1) * 0.30102999566398114 - 1e-10));
  if (pointAt > 0) multiplyByPowerOfTen(s, pointAt);
  else {
    multiplyByPowerOfTen(r, -pointAt);
    multiplyByPowerOfTen(low, -pointAt);
    multiplyByPowerOfTen(high, -pointAt);
  }
}

/** Makes 0.1 ≤ r / s < 1 and takes the first digit in front of the point. */
function settle(above: bool): void {
  if (above) pointAt++;
  else {
    multiply(r, 10);
    multiply(low, 10);
    multiply(high, 10);
  }
}

/** r / s without its whole part, which is returned. */
function wholePart(): u32 {
  let digit: u32 = 0;
  for (; compare(r, s) >= 0; digit++) subtract(r, s);
  return digit;
}

/** The fewest digits that name a positive value. */
export function shortest(value: f64): void {
  begin(value);
  // A double with an even mantissa owns the two ends of its interval.
  const even = (reinterpret<u64>(value) & 1) == 0;
  const top = compareSum(r, high, s);
  settle(even ? top >= 0 : top > 0);
  digitCount = 0;
  for (;;) {
    let digit = wholePart();
    const below = compare(r, low);
    const above = compareSum(r, high, s);
    const isLow = even ? below <= 0 : below < 0;
    const isHigh = even ? above >= 0 : above > 0;
    if (isLow || isHigh) {
      // Both neighbours of the digit name the value: the nearer one, and of two equally near ones the even one.
      const half = compareSum(r, r, s);
      if (!isLow || (isHigh && (half > 0 || (half == 0 && (digit & 1) == 1)))) digit++;
      store<u8>(digits + digitCount++, digit);
      return;
    }
    store<u8>(digits + digitCount++, digit);
    multiply(r, 10);
    multiply(low, 10);
    multiply(high, 10);
  }
}

/** The first `wanted` digits of a positive value, rounded to the nearest; of two equally near ones up. */
export function exactly(value: f64, wanted: i32): void {
  begin(value);
  settle(compare(r, s) >= 0);
  for (digitCount = 0; digitCount < wanted; digitCount++) {
    if (digitCount > 0) multiply(r, 10);
    store<u8>(digits + digitCount, wholePart());
  }
  if (compareSum(r, r, s) >= 0) increment();
}

/** Leaves `most` digits, rounded from those that there are; half goes up. Zeros at the end are taken away. */
export function roundTo(most: i32): void {
  if (digitCount > most) {
    digitCount = most;
    if (load<u8>(digits + most) >= 5) increment();
  }
  while (digitCount > 1 && load<u8>(digits + digitCount - 1) == 0) digitCount--;
}

/** Adds one in the last place. */
function increment(): void {
  for (let i = digitCount - 1; i >= 0; i--) {
    const digit: u32 = load<u8>(digits + i);
    store<u8>(digits + i, digit == 9 ? 0 : digit + 1);
    if (digit != 9) return;
  }
  // 9.99 became 10.0: all digits are zeros.
  store<u8>(digits, 1);
  pointAt++;
}
