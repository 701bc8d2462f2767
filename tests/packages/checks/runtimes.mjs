// The installed tarball in Node (imported, required, and its command), Deno and Bun.
import { execFile } from "node:child_process";
import { deepEqual, equal, match } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expected } from "../lib/expected.mjs";
import { binaryOf } from "../lib/install.mjs";
import { newApp } from "../lib/pack.mjs";

export const name = "runtimes";
export const question = "Can Node, Deno and Bun import what was installed, and run it?";

export async function run({ folder, tarball, test }) {
  const app = newApp(join(folder, "runtimes"), tarball.path);
  // No network: what is installed has to do.
  const start = async (program, ...args) =>
    (await promisify(execFile)(program, args, { cwd: app, env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" } })).stdout;
  const both = { portable: expected, web: expected };

  await test("Node imports and runs it", async () => {
    deepEqual(JSON.parse(await start(process.execPath, "program.mjs")), both);
  });
  await test("Deno imports and runs it, and needs leave for nothing but its own files", async () => {
    const args = ["run", "--quiet", "--no-remote", "--cached-only", "--node-modules-dir=manual", "--no-prompt"];
    deepEqual(JSON.parse(await start(binaryOf("deno"), ...args, "program.mjs")), both);
  });
  await test("Bun imports and runs it", async () => {
    deepEqual(JSON.parse(await start(binaryOf("bun"), "run", "--no-install", "program.mjs")), both);
  });
  await test("Node's own entry reads a file from there", async () => {
    const program = `import { Arena } from "forebay";
import { fileSource } from "forebay/node";
const flow = (await Arena.create()).open(fileSource("package.json"), { element: "u8" });
let bytes = 0;
await flow.each({ size: 1, hop: 1 }, () => { bytes++; });
await flow.close();
console.log(bytes);`;
    writeFileSync(join(app, "file.mjs"), program);
    writeFileSync(join(app, "size.mjs"), `console.log((await import("node:fs")).statSync("package.json").size);`);
    equal(await start(process.execPath, "file.mjs"), await start(process.execPath, "size.mjs"));
  });
  await test("its command starts from node_modules/.bin", async () => {
    writeFileSync(join(app, "hay.txt"), "hay\nneedle\n");
    match(await start(join(app, "node_modules/.bin/forebay"), "scan", "needle", "hay.txt"), /hay\.txt:4\tneedle/);
  });
}
