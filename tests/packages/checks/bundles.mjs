// The tarball in an app of each bundler, built, loaded in Chromium and run.
import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expected } from "../lib/expected.mjs";
import { foreignModules, nodeModulesNamed } from "../lib/foreign.mjs";
import { newApp } from "../lib/pack.mjs";
import { writePages } from "../lib/pages.mjs";

export const name = "bundles";
export const question = "Does it build with each bundler, and run in Chromium as the model says?";
export const bundlers = ["vite", "webpack", "rspack", "rollup", "esbuild", "parcel"];

const programs = ["portable", "web", "url", "threads"];

/** How the worker is started where the bundler carries what a dependency starts. */
const carried = `const thread = "worker";`;

/** In a browser without explicit resource management: its symbols are younger than what the library asks for. */
function withoutDispose() {
  delete Symbol.dispose;
  delete Symbol.asyncDispose;
}

function putBefore(file, line) {
  writeFileSync(file, `${line}\n${readFileSync(file, "utf8")}`);
}

const wireBytes = (scripts) => scripts.reduce((sum, { text }) => sum + gzipSync(text, { level: 9 }).length, 0);

export async function run({ folder, tarball, test, chosen, chromium, address }) {
  const rows = [];
  for (const bundler of bundlers.filter(chosen)) {
    const row = { bundler, builds: "no", runs: "no", "gzip of portable": "–" };
    rows.push(row);
    const {
      address: addressLine,
      thread = carried,
      bundle,
      manifest,
      entries = [],
    } = await import(`../bundlers/${bundler}.mjs`);
    const app = join(folder, bundler);
    const out = join(app, "out");
    let modules;
    await test(`${bundler} builds`, async () => {
      newApp(app, tarball.path, manifest);
      putBefore(join(app, "url.js"), addressLine);
      putBefore(join(app, "threads.js"), thread);
      writePages(app, [...programs, ...entries]);
      modules = await bundle(app, out, [...programs, ...entries]);
      row.builds = "yes";
    });
    if (modules === undefined) continue;
    await test(`${bundler} takes our modules and the app's, and nothing else`, () => {
      ok(
        modules.some((path) => path.includes("node_modules/forebay/build/")),
        "it does not tell of ours",
      );
      deepEqual(foreignModules(modules), []);
    });
    let ran = 0;
    for (const program of programs) {
      await test(`${bundler}: ${program} runs`, async () => {
        const { answer, scripts, complaints } = await (await chromium()).visit(
          `${address}/${bundler}/out/${program}.html`,
        );
        deepEqual(answer, expected);
        deepEqual(complaints, []);
        ok(scripts.length > 0, "the page loaded no script");
        for (const { text } of scripts) deepEqual(nodeModulesNamed(text), []);
        if (program === "portable") row["gzip of portable"] = wireBytes(scripts);
        ran++;
      });
    }
    await test(`${bundler}: portable runs where Symbol.dispose is unknown`, async () => {
      const { answer } = await (await chromium()).visit(`${address}/${bundler}/out/portable.html`, withoutDispose);
      deepEqual(answer, expected);
    });
    row.runs = `${ran} of ${programs.length}`;
  }

  // The checks themselves: a bundle of what is Node's must not pass them.
  if (chosen("esbuild")) {
    await test("an app that takes Node's adapters to a browser is noticed", async () => {
      const app = join(folder, "esbuild");
      const { build } = await import("esbuild");
      const options = {
        absWorkingDir: app,
        bundle: true,
        format: "esm",
        platform: "browser",
        write: false,
        logLevel: "silent",
      };
      const stdin = { contents: `export * from "forebay/node";`, resolveDir: app };
      const { outputFiles } = await build({ ...options, stdin, external: ["node:*"] });
      ok(nodeModulesNamed(outputFiles[0].text).includes("node:fs"));
      deepEqual(foreignModules(["/a/node_modules/forebay/build/index.js", "/a/main.js", "__vite-browser-external"]), [
        "__vite-browser-external",
      ]);
      equal(foreignModules(["/a/node_modules/browserify-fs/index.js"]).length, 1);
    });
  }
  return rows;
}
