/** Element codes, the same in WebAssembly and in TypeScript (src/element.ts mirrors them; a test compares). */
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

/** Bytes of an element, or 0 for a code that names none. */
export function elementBytes(code: u32): u32 {
  if (code == Element.F64) return 8;
  return code > Element.F64 ? 0 : 1 << (min(code, 5) >>> 1);
}

/** The code of an AssemblyScript element type. */
@inline
export function elementOf<T extends number>(): u32 {
  if (isFloat<T>()) return sizeof<T>() == 4 ? Element.F32 : Element.F64;
  const size: u32 = sizeof<T>() == 1 ? 0 : sizeof<T>() == 2 ? 2 : 4;
  return size + (isSigned<T>() ? 1 : 0);
}
