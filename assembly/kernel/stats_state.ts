/**
 * How the state of the statistics lies in memory (stats.ts says what it is for).
 *
 * The state is five planes of 8·channels values of 8 bytes, one value a slot:
 *
 *     0        1·plane    2·plane    3·plane    4·plane     5·plane = statsBytes(channels)
 *     ┌────────┬──────────┬──────────┬──────────┬───────────┐
 *     │ sum    │ squares  │ minimum  │ maximum  │ carry     │
 *     └────────┴──────────┴──────────┴──────────┴───────────┘
 *
 * Elements of 32 and 64 bits (wide) keep sum and squares as f64. Elements of 8 and 16 bits (narrow) keep them as
 * integers: the sum is an i64, the sum of squares is carry·2³² + squares, both u64. Those are exact, whatever the
 * stream's length, and rounded once, at the end; below 2⁵³ an f64 would hold the same. Minimum and maximum are f64
 * always.
 */

/** Element types by number, in the order of the design: u8 i8 u16 i16 u32 i32 f32 f64. */
export namespace Element {
  export const U8: u32 = 0;
  export const I8: u32 = 1;
  export const U16: u32 = 2;
  export const I16: u32 = 3;
  export const U32: u32 = 4;
  export const I32: u32 = 5;
  export const F32: u32 = 6;
  export const F64: u32 = 7;
}

/** Slots of a channel: eight fill whole vectors of every element type. */
export const LANES: usize = 8;

/** Bytes of one plane of the state. */
@inline
export function planeBytes(channels: usize): usize {
  return 8 * LANES * channels;
}

// The planes' offsets, in planes.
export const SUM: usize = 0;
export const SQUARES: usize = 1;
export const MINIMUM: usize = 2;
export const MAXIMUM: usize = 3;
export const CARRY: usize = 4;
export const PLANES: usize = 5;

/** Bytes of an element: 1 1 2 2 4 4 4 8. */
@inline
export function elementBytes(type: u32): usize {
  return type == Element.F64 ? 8 : type >= Element.U32 ? 4 : type >= Element.U16 ? 2 : 1;
}
