/**
 * Understanding a plain call of `forebay scan` without the package that understands every call, explains what is wrong, and
 * takes as long to load as a small search takes. What is not plain is left to that package: the two never disagree, for a
 * call that this one answers.
 */
import { bytesOf, wholeOf } from "../sizes.js";
import { mostThreads, type ScanOptions } from "./options.js";

/** A call that is understood. */
export interface ScanCall {
  readonly literal: string;
  readonly paths: string[];
  readonly options: ScanOptions;
}

type Parse = (text: string) => number | undefined;

const threads: Parse = (text) => wholeOf(text, 1, mostThreads);

/** Options without a value have no function. */
const known: Readonly<Record<string, readonly [keyof ScanOptions, Parse?]>> = {
  "-c": ["count"],
  "--count": ["count"],
  "-l": ["filesWithMatches"],
  "--files-with-matches": ["filesWithMatches"],
  "-j": ["threads", threads],
  "--threads": ["threads", threads],
  "--sort": ["sort"],
  "--json": ["json"],
  "--summary": ["summary"],
  "--explain": ["explain"],
  "--window": ["window", bytesOf],
  "--max-line": ["maxLine", bytesOf],
  "--piece": ["piece", bytesOf],
};

/** The call that these arguments behind `scan` are; undefined for one that is not plain. */
export function plainScan(args: readonly string[]): ScanCall | undefined {
  const options: Partial<Record<keyof ScanOptions, boolean | number>> = {};
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "-" || !arg.startsWith("-")) {
      operands.push(arg);
      continue;
    }
    const [name, given] = divided(arg);
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!option) return undefined;
    const [key, parse] = option;
    if (!parse) {
      if (given !== undefined) return undefined;
      options[key] = true;
      continue;
    }
    const value = parse(given ?? args[++at] ?? "");
    if (value === undefined) return undefined;
    options[key] = value;
  }
  const [literal, ...paths] = operands;
  if (literal === undefined || paths.length === 0) return undefined;
  return { literal, paths, options: options as ScanOptions };
}

/** An option's name and the value in the same argument, as in `-j4` and `--threads=4`. */
function divided(arg: string): readonly [string, string | undefined] {
  if (!arg.startsWith("--")) return arg.length === 2 ? [arg, undefined] : [arg.slice(0, 2), arg.slice(2)];
  const equals = arg.indexOf("=");
  return equals < 0 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)];
}
