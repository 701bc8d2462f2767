/**
 * One arithmetic for one sample and for four: T is f32, or v128 of four of them. A transform is written once over these, so that
 * its vector and its scalar form perform the same operations in the same order and give the same bits.
 *
 * Work buffers hold complex samples in blocks: a T of real parts, and behind it a T of imaginary parts. With f32 that is the
 * usual pair.
 */

@inline
export function add<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.add(a, b);
  else return a + b;
}


@inline
export function sub<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.sub(a, b);
  else return a - b;
}


@inline
export function mul<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.mul(a, b);
  else return a * b;
}

/** The number in every lane. */
@inline
export function splat<T>(value: f32): T {
  if (isVector<T>()) return f32x4.splat(value);
  else return value;
}

/** The number at `at` in every lane. */
@inline
export function splatAt<T>(at: usize): T {
  if (isVector<T>()) return v128.load32_splat(at);
  else return load<f32>(at);
}

/** The number behind the one at `at` in every lane. */
@inline
export function splatNext<T>(at: usize): T {
  if (isVector<T>()) return v128.load32_splat(at, 4);
  else return load<f32>(at, 4);
}

/** How many numbers a T is. */
@inline
export function lanes<T>(): usize {
  return sizeof<T>() >> 2;
}

/** Bytes of a block. */
@inline
export function blockBytes<T>(): usize {
  return 2 * sizeof<T>();
}

/** The real parts of the block at `at`. */
@inline
export function re<T>(at: usize): T {
  return load<T>(at);
}

/** Its imaginary parts. */
@inline
export function im<T>(at: usize): T {
  return load<T>(at, sizeof<T>());
}

/** Where a transform's last pass leaves its samples. */
export namespace Form {
  /** Blocks, for a pass that follows. */
  export const BLOCKS: i32 = 0;
  /** Pairs of real and imaginary part. */
  export const PAIRS: i32 = 1;
  /** Pairs of imaginary and real part, scaled: of swapped samples the forward transform is the inverse one. */
  export const SWAPPED: i32 = 2;
}

/** Writes a block in a form; `scale` counts where they are swapped. The block takes as many bytes in any form. */
@inline
export function put<T>(form: i32, at: usize, real: T, imaginary: T, scale: T): void {
  if (form == Form.BLOCKS) {
    store<T>(at, real);
    store<T>(at, imaginary, sizeof<T>());
  } else {
    let first = real;
    let second = imaginary;
    if (form == Form.SWAPPED) {
      first = mul<T>(imaginary, scale);
      second = mul<T>(real, scale);
    }
    if (isVector<T>()) {
      store<T>(at, v128.shuffle<f32>(first, second, 0, 4, 1, 5));
      store<T>(at, v128.shuffle<f32>(first, second, 2, 6, 3, 7), sizeof<T>());
    } else {
      store<T>(at, first);
      store<T>(at, second, sizeof<T>());
    }
  }
}

/** Writes the block times a twiddle factor that stands at `twiddle`, the same one for all lanes. */
@inline
export function putTurned<T>(at: usize, real: T, imaginary: T, twiddle: usize): void {
  const c = splatAt<T>(twiddle);
  const s = splatNext<T>(twiddle);
  store<T>(at, sub<T>(mul<T>(real, c), mul<T>(imaginary, s)));
  store<T>(at, add<T>(mul<T>(real, s), mul<T>(imaginary, c)), sizeof<T>());
}
