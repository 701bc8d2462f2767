// Vite, from pages. What is in the bundle it tells in the output's list of modules.
import { join } from "node:path";
import { build } from "vite";

export const name = "vite";
export const address = `import address from "forebay/core.wasm?url";`;

export async function bundle(app, out, programs) {
  const output = await build({
    root: app,
    configFile: false,
    logLevel: "error",
    base: "./",
    build: {
      outDir: out,
      emptyOutDir: true,
      rollupOptions: { input: programs.map((program) => join(app, `${program}.html`)) },
    },
  });
  return output.output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
}
