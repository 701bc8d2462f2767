/** Element types: what a frame's samples are, in TypeScript and in WebAssembly. */
import { Fault } from "./fault.js";

/** The numeric element types. */
export type NumberElement = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64";

/** An enum: its labels in order. Stored as `u8`, above 256 labels as `u16`. */
export type Labels = readonly string[];

/** What a Buf can hold: a numeric type, or an enum given by its labels. */
export type Element = NumberElement | Labels;

/** The typed array that shows elements of type `E`. */
export type ViewOf<E extends Element> = E extends "u8"
  ? Uint8Array
  : E extends "i8"
    ? Int8Array
    : E extends "u16"
      ? Uint16Array
      : E extends "i16"
        ? Int16Array
        : E extends "u32"
          ? Uint32Array
          : E extends "i32"
            ? Int32Array
            : E extends "f32"
              ? Float32Array
              : E extends "f64"
                ? Float64Array
                : Uint8Array | Uint16Array;

/** Any typed array that shows elements. */
export type AnyView = ViewOf<NumberElement>;

/** What the library knows of an element type. */
export interface ElementFacts {
  /** The numeric type, of an enum the one that stores it. */
  readonly name: NumberElement;
  /** The code that WebAssembly knows it by (assembly/element.ts). */
  readonly code: number;
  /** Bytes of one element. */
  readonly bytes: number;
  /** The typed array that shows it. */
  readonly View: {
    new (buffer: ArrayBufferLike, byteOffset: number, length: number): AnyView;
    new (length: number): AnyView;
  };
  /** An enum's labels. */
  readonly labels: Labels | undefined;
}

const names = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64"] as const;
const views = [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array];

const numbers = Object.fromEntries(
  views.map((View, code) => [
    names[code],
    { name: names[code], code, bytes: View.BYTES_PER_ELEMENT, View, labels: undefined },
  ]),
) as Record<NumberElement, ElementFacts>;

/** The names of the numeric element types. */
export const elementNames = Object.keys(numbers) as readonly NumberElement[];

/** The facts of an element type. Throws `bad-argument` for what is none. */
export function elementFacts(element: Element): ElementFacts {
  if (typeof element === "string") {
    const facts = Object.hasOwn(numbers, element) ? numbers[element] : undefined;
    if (facts) return facts;
    throw new Fault("bad-argument", `There is no element type "${element}": use one of ${elementNames.join(", ")}.`);
  }
  if (!Array.isArray(element) || element.length === 0 || element.length > 65_536) {
    throw new Fault("bad-argument", "An enum is a list of 1 to 65,536 labels.");
  }
  if (new Set(element).size !== element.length) {
    throw new Fault("bad-argument", "The labels of an enum must differ from each other.");
  }
  return { ...(element.length > 256 ? numbers.u16 : numbers.u8), labels: Object.freeze([...element]) };
}
