/** Numbers as JavaScript prints them. */
import { digitCount, digits, exactly, pointAt, roundTo, shortest } from "./decimal";
import { byte, text, whole } from "./output";

const ZERO: u32 = 48;

/** As `String(value)` does. */
export function number(value: f64): void {
  if (!isFinite(value)) {
    text(value != value ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    return;
  }
  if (value == 0) {
    byte(ZERO);
    return;
  }
  if (value < 0) byte(45);
  shortest(Math.abs(value));
  if (pointAt > 21 || pointAt < -5) {
    scientific();
    return;
  }
  plain(false);
}

/** As JSON has them: what it has no word for is null. */
export function jsonNumber(value: f64): void {
  if (isFinite(value)) number(value);
  else text("null");
}

/** As people read them: six digits, thousands apart, an exponent only where the number is very large or small. */
export function readableNumber(value: f64): void {
  const size = Math.abs(value);
  if (!isFinite(value)) {
    number(value);
    return;
  }
  // −0 keeps its sign here.
  if (reinterpret<i64>(value) < 0) byte(45);
  if (size == 0) byte(ZERO);
  else if (size >= 1e15 || size < 1e-4) {
    exactly(size, 6);
    scientific();
  } else {
    shortest(size);
    roundTo(6);
    plain(true);
  }
}

/** A count, thousands apart. */
export function readableCount(value: u64): void {
  if (value >= 1000) {
    readableCount(value / 1000);
    byte(44);
    const rest = u32(value % 1000);
    byte(ZERO + rest / 100);
    byte(ZERO + ((rest / 10) % 10));
    byte(ZERO + (rest % 10));
  } else whole(value);
}

/** The digits with an exponent. */
function scientific(): void {
  byte(ZERO + load<u8>(digits));
  if (digitCount > 1) byte(46);
  for (let i = 1; i < digitCount; i++) byte(ZERO + load<u8>(digits + i));
  byte(101);
  byte(pointAt > 0 ? 43 : 45);
  whole(abs(pointAt - 1));
}

/** The digits without an exponent. */
function plain(grouped: bool): void {
  if (pointAt <= 0) {
    text("0.");
    for (let i = pointAt; i < 0; i++) byte(ZERO);
  }
  const end = max(digitCount, pointAt);
  for (let i = 0; i < end; i++) {
    if (i == pointAt && i > 0) byte(46);
    else if (grouped && i > 0 && i < pointAt && (pointAt - i) % 3 == 0) byte(44);
    byte(ZERO + (i < digitCount ? u32(load<u8>(digits + i)) : 0));
  }
}
