// What a browser's bundle may be made of, and what it must not name.
import { parse } from "acorn";
import { builtinModules } from "node:module";

/** Our packages, the app itself, and the few helpers that a bundler adds of its own. */
const ours =
  /node_modules\/(forebay|@assemblyscript\/loader)\/|^(?!.*node_modules)|^\0?(vite|rolldown|rollup|commonjsHelpers)|runtime-[0-9a-z]+\.js$|@parcel\/runtime-/;

/** The modules of a bundle that are neither ours nor the app's: stand-ins for what is Node's, above all. */
export function foreignModules(modules) {
  return modules.filter((path) => !ours.test(path) || /^node:|__vite-browser-external/.test(path));
}

/** Every module that a script imports, by whichever word, as the script's syntax says. */
function specifiersOf(text) {
  const found = [];
  const walk = (node) => {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) return void node.forEach(walk);
    const source = /^(Import|Export)/.test(node.type ?? "") ? node.source : undefined;
    const required = node.type === "CallExpression" && node.callee.name === "require" ? node.arguments[0] : undefined;
    for (const { value } of [source, required].filter((child) => child?.type === "Literal")) found.push(value);
    Object.values(node).forEach(walk);
  };
  walk(parse(text, { ecmaVersion: 2022, sourceType: "module" }));
  return found;
}

/**
 * The modules of Node's that a script names: in what it imports, and `node:` anywhere. Throws for a script that is not ES2022,
 * which is the newest that the library asks of a host.
 */
export function nodeModulesNamed(text) {
  const imported = specifiersOf(text).filter((name) => builtinModules.includes(name.replace(/^node:/, "")));
  const named = [...text.matchAll(/["'`](node:[a-z_/]+)["'`]/g)].map(([, name]) => name);
  return [...new Set([...imported, ...named])];
}
