/** What a file's name says about its samples. */
import { extname } from "node:path";
import { elementNames, type NumberElement } from "../../element.js";

/** Names of the same types in other programs. */
const aliases: Readonly<Record<string, NumberElement>> = {
  s8: "i8",
  s16: "i16",
  s32: "i32",
  float: "f32",
  double: "f64",
};

/** An element type by its name or an alias of it; undefined for what is none. */
export function elementNamed(name: string): NumberElement | undefined {
  return elementNames.find((element) => element === name) ?? (Object.hasOwn(aliases, name) ? aliases[name] : undefined);
}

/** The element type that a path's extension names, such as `.f32` or `.s16`. */
export function elementOfPath(path: string): NumberElement | undefined {
  return elementNamed(extname(path).slice(1).toLowerCase());
}
