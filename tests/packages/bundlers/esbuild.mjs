// esbuild for the browser. Its metafile tells what is in the bundle.
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { copyPages } from "../lib/pages.mjs";

export const name = "esbuild";
export const address = `import address from "forebay/core.wasm";`;

/** It leaves the worker that a dependency starts behind: the app has one of its own. */
export const thread = `const thread = () => new Worker(new URL("./pump.js", import.meta.url), { type: "module" });`;
export const entries = ["pump"];

export async function bundle(app, out, programs) {
  const { metafile, warnings } = await build({
    absWorkingDir: app,
    entryPoints: programs.map((program) => join(app, `${program}.js`)),
    outdir: out,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    loader: { ".wasm": "file" },
    metafile: true,
    logLevel: "silent",
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join("\n"));
  copyPages(app, out, programs);
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .map((path) => resolve(app, path));
}
