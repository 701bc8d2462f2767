/** The byte offsets that the core's sources name, read from them: tests that corrupt memory on purpose say where by name. */
import { projectFile } from "./host.js";

/** The text of a source file in assembly/. */
function sourceOf(path: string): string {
  return new TextDecoder().decode(projectFile(`assembly/${path}`));
}

/** The numeric constants of a source file in assembly/, by name, namespaces left out. */
export function constantsOf(path: string): Record<string, number> {
  const text = sourceOf(path);
  const known: Record<string, number> = {};
  for (const [, name, expression] of text.matchAll(/^(?:export )?const (\w+): \w+ = ([^;]+);/gm)) {
    // What a program may move stands behind a condition: without it, it is the last value.
    const value = amount(
      (expression as string).replace(/^(?:isDefined\(\w+\)|ASC_FEATURE_THREADS) \? [^:]+ : /, ""),
      known,
    );
    if (value !== undefined) known[name as string] = value;
  }
  return known;
}

/** The constants of a namespace in a source file in assembly/. */
export function namespaceOf(path: string, namespace: string): Record<string, number> {
  const text = sourceOf(path);
  const body = new RegExp(`namespace ${namespace} \\{([^}]*)\\}`).exec(text)?.[1];
  if (body === undefined) throw new Error(`There is no namespace ${namespace} in assembly/${path}.`);
  return Object.fromEntries(
    [...body.matchAll(/const (\w+): \w+ = (-?\w+);/g)].map(([, name, value]) => [name, Number(value)]),
  );
}

/** The value of a sum or product of numbers and names, or undefined for anything else. */
function amount(expression: string, known: Record<string, number>): number | undefined {
  let sum = 0;
  for (const term of expression.split("+")) {
    let product = 1;
    for (const factor of term.split("*")) {
      const value = known[factor.trim()] ?? Number(factor);
      if (Number.isNaN(value)) return undefined;
      product *= value;
    }
    sum += product;
  }
  return sum;
}
