// Rollup, with what finds packages and what carries assets.
import resolve from "@rollup/plugin-node-resolve";
import url from "@rollup/plugin-url";
import { join } from "node:path";
import { rollup } from "rollup";
import { copyPages } from "../lib/pages.mjs";

export const name = "rollup";
export const address = `import address from "forebay/core.wasm";`;

/** It leaves the worker that a dependency starts behind: the app has one of its own. */
export const thread = `const thread = () => new Worker(new URL("./pump.js", import.meta.url), { type: "module" });`;
export const entries = ["pump"];

export async function bundle(app, out, programs) {
  const bundled = await rollup({
    input: programs.map((program) => join(app, `${program}.js`)),
    plugins: [resolve({ browser: true }), url({ include: ["**/*.wasm"], limit: 0, publicPath: "./" })],
    onLog(_, log) {
      throw new Error(log.message);
    },
  });
  const { output } = await bundled.write({ dir: out, format: "es" });
  await bundled.close();
  copyPages(app, out, programs);
  return output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
}
