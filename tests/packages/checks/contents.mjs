// What is in the tarball: all that its package.json names, and nothing that nobody can reach.
import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { newApp } from "../lib/pack.mjs";

export const name = "contents";
export const question = "Is everything in the tarball that is named, and nothing that cannot be reached?";

/** Every kind of file that is packed, and why. */
const kinds = {
  "package.json": /^package\.json$/,
  "for people": /^(README|CHANGELOG)\.md$|^LICENSE$/,
  "the library": /^build\/(?!bin\/|cli\/)[\w/-]+\.js$/,
  "its types": /^build\/(?!bin\/|cli\/)[\w/-]+\.d\.ts$/,
  "modules of WebAssembly": /^build\/[\w.]+\.wasm$/,
  "the command": /^build\/bin\/[\w-]+\.(cjs|html)$/,
  "licences of what is bundled in it": /^build\/bin\/LICENSES\.txt$/,
  "AssemblyScript, to be compiled": /^assembly\/[\w/]+\.ts$/,
  "its compiler options, for editors": /^assembly\/tsconfig\.json$/,
};

/** The most bytes of the tarball: a jump tells that something came along that should not. */
const mostBytes = 1_000_000;

/** The relative specifiers of a script or declaration. A bundle's comments name files that it has already swallowed. */
function specifiers(path, text) {
  const word = path.endsWith(".cjs")
    ? /(?:require|new URL)\(["'](\.[^"']+)["']/g
    : /(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g;
  return [...text.matchAll(word)].map(([, name]) => name);
}

/** All files that can be reached from these, following what they import; a script's declaration comes with it. */
function reachable(folder, entries) {
  const found = new Set();
  const queue = [...entries];
  while (queue.length > 0) {
    const path = queue.pop();
    if (found.has(path)) continue;
    found.add(path);
    if (path.endsWith(".js")) queue.push(path.replace(/\.js$/, ".d.ts"));
    if (!/\.(js|cjs|ts)$/.test(path)) continue;
    for (const specifier of specifiers(path, readFileSync(join(folder, path), "utf8"))) {
      const target = posix.join(dirname(path), specifier);
      const own = path.endsWith(".d.ts") ? target.replace(/\.js$/, ".d.ts") : target;
      const candidates = path.startsWith("assembly/") ? [own, `${own}.ts`, `${own}/index.ts`] : [own];
      const file = candidates.find(
        (candidate) => existsSync(join(folder, candidate)) && statSync(join(folder, candidate)).isFile(),
      );
      if (file === undefined) throw new Error(`${path} imports ${specifier}, which is not packed.`);
      queue.push(file);
    }
  }
  return found;
}

const leaves = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(leaves));

export async function run({ folder, tarball, test }) {
  const app = newApp(join(folder, "contents"), tarball.path);
  const installed = join(app, "node_modules/forebay");
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const packed = tarball.files.map(({ path }) => path).sort();
  const rows = Object.entries(kinds).map(([kind, pattern]) => {
    const files = tarball.files.filter(({ path }) => pattern.test(path));
    return { kind, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
  });
  rows.push({ kind: "the tarball, compressed", files: packed.length, bytes: tarball.size });

  await test("every file is of a known kind, and every kind is there", () => {
    deepEqual(
      packed.filter((path) => Object.values(kinds).filter((pattern) => pattern.test(path)).length !== 1),
      [],
    );
    deepEqual(
      rows.filter(({ files }) => files === 0).map(({ kind }) => kind),
      [],
    );
  });
  await test("what is installed is what was packed", () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => posix.join(entry.parentPath, entry.name).slice(installed.length + 1));
    deepEqual(files.sort(), packed);
  });
  await test(`the tarball has at most ${mostBytes} bytes`, () =>
    ok(tarball.size <= mostBytes, `it has ${tarball.size}`));
  await test("every target of package.json is packed", () => {
    const named = [...leaves(manifest.exports), ...leaves(manifest.bin), manifest.main, manifest.types].filter(Boolean);
    deepEqual(
      named.map((path) => posix.normalize(path)).filter((path) => !packed.includes(path)),
      [],
    );
  });
  await test("every file can be reached from what package.json names", () => {
    const named = [...leaves(manifest.exports), ...leaves(manifest.bin)].map((path) => posix.normalize(path));
    const reached = reachable(installed, named);
    // A module is its script and its declaration: one of types alone has a script that nobody imports, and the other way about.
    const twins = (path) => ["js", "d.ts"].map((end) => path.replace(/\.(js|d\.ts)$/, `.${end}`));
    const unreached = packed.filter((path) => !twins(path).some((twin) => reached.has(twin)));
    // The core's source is packed whole, so that core.wasm can be read and made again.
    const extra = /^(README|CHANGELOG)\.md$|^LICENSE$|LICENSES\.txt$|^assembly\//;
    deepEqual(
      unreached.filter((path) => !extra.test(path)),
      [],
    );
  });
  await test("every entry that is JavaScript has types, named first", () => {
    for (const [entry, target] of Object.entries(manifest.exports)) {
      if (!leaves(target).some((path) => path.endsWith(".js"))) continue;
      equal(Object.keys(target)[0], "types", entry);
    }
  });
  await test("the only dependency is the loader, and nothing runs at an install", () => {
    deepEqual(Object.keys(manifest.dependencies), ["@assemblyscript/loader"]);
    deepEqual(
      Object.keys(manifest.scripts ?? {}).filter((script) => /install|^prepare$/.test(script)),
      [],
    );
    // What a worker or a worklet begins with does what it does when it is loaded.
    deepEqual(manifest.sideEffects, ["./build/*-worker.js", "./build/worklet-processors.js"]);
  });
  return rows;
}
