// Enumerates mutants of AssemblyScript files with Stryker's instrumenter, and puts one into its file's text.
import { Instrumenter } from "@stryker-mutator/instrumenter";

const ignore = () => {};
const logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
};

/**
 * The text with AssemblyScript's decorators blanked, every position as it was: `@inline` before a function is no
 * TypeScript, and the instrumenter's parser refuses it.
 */
function withoutDecorators(text) {
  return text.replace(/^[ \t]*@[a-z]\w*(\([^)\n]*\))?/gm, (decorator) => " ".repeat(decorator.length));
}

/** The mutants whose replacement is an expression: in parentheses, so that what stands around cannot bind into it. */
const EXPRESSIONS = new Set([
  "ArithmeticOperator",
  "ConditionalExpression",
  "EqualityOperator",
  "LogicalOperator",
  "UnaryOperator",
]);

/** Every mutant of a file: where it lies, what stands there, and what it puts in its place. */
export async function mutantsOf(file, text) {
  const instrumenter = new Instrumenter(logger);
  const { mutants } = await instrumenter.instrument([{ name: file, mutate: true, content: withoutDecorators(text) }], {
    plugins: null,
    excludedMutations: ["StringLiteral"],
    ignorers: [],
  });
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  const offset = ({ line, column }) => lineStarts[line] + column;
  return mutants.map(({ location, mutatorName, replacement }) => {
    const start = offset(location.start);
    const end = offset(location.end);
    const original = text.slice(start, end);
    const isExpression = EXPRESSIONS.has(mutatorName) && !/^(case|default)\b/.test(original);
    return {
      file,
      line: location.start.line + 1,
      column: location.start.column + 1,
      mutator: mutatorName,
      original,
      replacement: isExpression ? `(${replacement})` : replacement,
      start,
      end,
    };
  });
}

/** The file's text with this one mutant in it. */
export function mutated(text, { start, end, replacement }) {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** A repeatable choice of `count` of the items, in their own order. */
export function sample(items, count, seed) {
  let state = seed >>> 0;
  // mulberry32: small, and good enough to choose by.
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return items
    .map((item, index) => ({ item, index, key: random() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item);
}
