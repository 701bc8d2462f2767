/**
 * Statistics per channel: minimum, maximum, sum and sum of squares of interleaved elements, bit for bit the same
 * however the stream was cut into chunks, and in the scalar and the vector form.
 *
 * Adding floats in another order gives other bits, so the order is fixed by where an element lies in the stream and not
 * by where a chunk begins. The state has 8·channels slots; an element goes to the slot
 *
 *     slot = (element's index since the stream began) mod (8·channels),      channel = slot mod channels
 *
 * and each slot adds its own elements up in the order in which they come. Neighbouring slots are the lanes of a few
 * vectors: a vector loop walks them from block to block (a block is 8·channels elements, one for every slot) and
 * performs in each lane exactly the additions of the scalar form. What lies before the first whole block and behind the
 * last one goes through the scalar form. At the end the slots of a channel are added in the order of their numbers.
 *
 * What lies where in the state is drawn in stats_state.ts.
 *
 * NaN: one NaN in a channel makes all four of its results NaN, the canonical one. −0 is below +0. A channel without
 * elements has minimum +∞, maximum −∞ and sums of 0.
 */
import { addNarrowSimd } from "./stats_narrow";
import { CARRY, Element, LANES, MAXIMUM, MINIMUM, PLANES, SQUARES, elementBytes, planeBytes } from "./stats_state";
import { addWideSimd } from "./stats_wide";


@inline
function isNarrow(type: u32): bool {
  return type < Element.U32;
}

/** Makes a state of `PLANES · planeBytes(channels)` bytes one that has seen nothing. */
export function resetStats(state: usize, channels: usize): void {
  const plane = planeBytes(channels);
  memory.fill(state, 0, PLANES * plane);
  for (let slot: usize = 0; slot < plane; slot += 8) {
    store<f64>(state + MINIMUM * plane + slot, Infinity);
    store<f64>(state + MAXIMUM * plane + slot, -Infinity);
  }
}

/**
 * Adds `count` elements (not frames) to the state. `slot` is the slot of the first one, below 8·channels; the answer is
 * the slot of the one that comes next.
 */
export function addStats(pointer: usize, count: usize, type: u32, state: usize, channels: usize, slot: usize): usize {
  if (ASC_FEATURE_SIMD) {
    const slots = LANES * channels;
    const head = min(count, slot == 0 ? 0 : slots - slot);
    // The narrow form takes two blocks a turn.
    const blocks = ((count - head) / slots) & ~1;
    if (blocks != 0) {
      const bytes = elementBytes(type);
      addStatsScalar(pointer, head, type, state, channels, slot);
      pointer += head * bytes;
      if (isNarrow(type)) addNarrowSimd(pointer, blocks, type, state, channels);
      else addWideSimd(pointer, blocks, type, state, channels);
      pointer += blocks * slots * bytes;
      count -= head + blocks * slots;
      slot = 0;
    }
  }
  return addStatsScalar(pointer, count, type, state, channels, slot);
}

/** The element at `at` as f64, exactly. */
function elementAt(at: usize, type: u32): f64 {
  switch (type) {
    case Element.U8:
      return f64(load<u8>(at));
    case Element.I8:
      return f64(load<i8>(at));
    case Element.U16:
      return f64(load<u16>(at));
    case Element.I16:
      return f64(load<i16>(at));
    case Element.U32:
      return f64(load<u32>(at));
    case Element.I32:
      return f64(load<i32>(at));
    case Element.F32:
      return f64(load<f32>(at));
    default:
      return load<f64>(at);
  }
}

/** Adds elements one by one; as `addStats`. One loop for all types: with vectors, it only sees what is left of a chunk. */
export function addStatsScalar(
  pointer: usize,
  count: usize,
  type: u32,
  state: usize,
  channels: usize,
  slot: usize,
): usize {
  const bytes = elementBytes(type);
  const plane = planeBytes(channels);
  const wrap = state + plane;
  // In bounds: `at` walks the state's first plane, wrapping at its end.
  let at = state + 8 * slot;
  for (const end = pointer + count * bytes; pointer != end; pointer += bytes) {
    const value = elementAt(pointer, type);
    const squaresAt = at + SQUARES * plane;
    if (isNarrow(type)) {
      const carryAt = at + CARRY * plane;
      const squares = load<u64>(squaresAt) + u64(value * value);
      store<i64>(at, load<i64>(at) + i64(value));
      store<u64>(squaresAt, squares & 0xffffffff);
      store<u64>(carryAt, load<u64>(carryAt) + (squares >>> 32));
    } else {
      store<f64>(at, load<f64>(at) + value);
      store<f64>(squaresAt, load<f64>(squaresAt) + value * value);
    }
    widen(at, plane, value);
    at += 8;
    if (at == wrap) at = state;
  }
  return (at - state) >> 3;
}

/** Widens the range of the slot at `at` to hold `value`. */
@inline
function widen(at: usize, plane: usize, value: f64): void {
  const minimum = at + MINIMUM * plane;
  const maximum = at + MAXIMUM * plane;
  store<f64>(minimum, min(load<f64>(minimum), value));
  store<f64>(maximum, max(load<f64>(maximum), value));
}

/** Writes minimum, maximum, sum and sum of squares, four f64 a channel, at `result`: 32·channels bytes. */
export function statsResult(state: usize, channels: usize, type: u32, result: usize): void {
  const plane = planeBytes(channels);
  for (let channel: usize = 0; channel < channels; channel++) {
    let minimum: f64 = Infinity;
    let maximum: f64 = -Infinity;
    let sum: f64 = 0;
    let squares: f64 = 0;
    let exactSum: i64 = 0;
    let low: u64 = 0;
    let high: u64 = 0;
    for (let slot = channel; slot < LANES * channels; slot += channels) {
      const at = state + 8 * slot;
      minimum = min(minimum, load<f64>(at + MINIMUM * plane));
      maximum = max(maximum, load<f64>(at + MAXIMUM * plane));
      sum += load<f64>(at);
      squares += load<f64>(at + SQUARES * plane);
      exactSum += load<i64>(at);
      low += load<u64>(at + SQUARES * plane);
      high += load<u64>(at + CARRY * plane);
    }
    if (isNarrow(type)) {
      sum = f64(exactSum);
      // Both terms are exact below 2⁸⁵, so this rounds once.
      squares = f64(high + (low >>> 32)) * 4294967296 + f64(low & 0xffffffff);
    }
    // Squares are never negative, so their sum is NaN only where an element was; the vector loops leave NaN out of
    // minimum and maximum and rely on this.
    if (squares != squares) minimum = maximum = sum = squares = NaN;
    store<f64>(result, minimum);
    store<f64>(result, maximum, 8);
    store<f64>(result, sum == sum ? sum : NaN, 16);
    store<f64>(result, squares, 24);
    result += 32;
  }
}
