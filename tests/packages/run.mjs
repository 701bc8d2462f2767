// Installs the packed tarball into small programs, and checks that they build and run.
//
//   npm run test:packages -- [--only CHECK,…] [--keep] [--list] [--help]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optionsOf, refuse } from "../support/arguments.mjs";
import { installChromium, installPackages } from "./lib/install.mjs";

const USAGE = `Packs the library as it would be published, installs that tarball into small programs, builds them with six
bundlers, runs them in Chromium, Node, Deno, Bun and workerd, and checks the tarball itself.

  npm run test:packages -- [options]

  --only NAME,…   only these checks or bundlers
  --keep          leave the folder with the apps there, and say where it is
  --list          print the checks and the bundlers, and run nothing
  -h, --help      print this

What is missing is installed: the packages of tests/packages/package.json and, as root, Debian's Chromium.
Ends with 1 when a check failed or something could not be had, and with 2 when asked for what there is not.`;

const names = ["contents", "lint", "types", "runtimes", "edge", "policy", "bundles"];
const bundlers = ["vite", "webpack", "rspack", "rollup", "esbuild", "parcel"];

const options = optionsOf(
  {
    only: { type: "string" },
    keep: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
  USAGE,
);
const only = options.only?.split(",");
for (const word of only ?? []) {
  if (names.includes(word) || bundlers.includes(word)) continue;
  refuse(`There is no check or bundler “${word}”. Checks: ${names.join(", ")}. Bundlers: ${bundlers.join(", ")}.`);
}
if (options.list) {
  console.log(`checks:   ${names.join(", ")}\nbundlers: ${bundlers.join(", ")}`);
  process.exit(0);
}

/** Whether a bundler is asked for: all of them are, unless some are named. */
const chosen = (bundler) => only === undefined || only.includes("bundles") || only.includes(bundler);
const isWanted = (name) =>
  only === undefined || only.includes(name) || (name === "bundles" && only.some((word) => bundlers.includes(word)));
const wanted = names.filter(isWanted);

installPackages();
if (wanted.includes("policy") || wanted.includes("bundles")) installChromium();
// These need what was just installed.
const { startChromium } = await import("./lib/chromium.mjs");
const { pack } = await import("./lib/pack.mjs");
const { serve } = await import("./lib/serve.mjs");

const folder = mkdtempSync(join(tmpdir(), "forebay-packages-"));
// Isolated: pages with threads need shared memory, and for the others it makes no difference.
const server = await serve(folder, () => ({
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
}));
let browser;
process.on("exit", () => {
  if (options.keep) console.error(`The apps are in ${folder}.`);
  else rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

let passed = 0;
const failed = [];

/** Runs one test and tells how it went. */
async function test(name, body) {
  const since = performance.now();
  try {
    await body();
    passed++;
    console.log(`  ok    ${name} (${((performance.now() - since) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed.push(name);
    console.log(`  FAIL  ${name}\n${String(error.stack ?? error).replace(/^/gm, "        ")}`);
  }
}

/** Prints rows as a table, their keys as its head. */
function printTable(rows) {
  const keys = Object.keys(rows[0]);
  const cells = [keys, ...rows.map((row) => keys.map((key) => String(row[key])))];
  const widths = keys.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  for (const line of cells)
    console.log(`  ${line.map((cell, column) => cell.padEnd(widths[column])).join("  ")}`.trimEnd());
}

const started = performance.now();
const context = {
  folder,
  test,
  chosen,
  address: server.address,
  chromium: async () => {
    browser ??= await startChromium();
    return browser;
  },
};
try {
  console.log("Building and packing …");
  context.tarball = pack(folder);
  for (const name of wanted) {
    const check = await import(`./checks/${name}.mjs`);
    console.log(`\n${name}: ${check.question}`);
    let rows;
    // What fails outside of any test, as an installation does, is a failure of the check.
    await check.run(context).then(
      (answer) => {
        rows = answer;
      },
      (error) => test(`${name} can be checked`, () => Promise.reject(error)),
    );
    if (rows?.length > 0) printTable(rows);
  }
} finally {
  await browser?.close();
  server.close();
}
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`\n${passed} passed, ${failed.length} failed, after ${seconds} s`);
for (const name of failed) console.log(`  failed: ${name}`);
process.exit(failed.length > 0 ? 1 : 0);
