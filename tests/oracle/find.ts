/** What the searching and counting kernels must answer, in one line each. */
import { indexOf } from "../support/bytes.js";

export const findByte = (hay: Uint8Array, byte: number): number => hay.indexOf(byte);

export const findLastByte = (hay: Uint8Array, byte: number): number => hay.lastIndexOf(byte);

export const findLiteral = (hay: Uint8Array, needle: Uint8Array): number => indexOf(hay, needle);

export const countByte = (hay: Uint8Array, byte: number): number => hay.filter((b) => b === byte).length;
