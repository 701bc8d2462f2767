// A host that forbids compiling: workerd, the runtime of an edge host. It refuses bytes, and takes a module that came with the
// program.
import { spawn } from "node:child_process";
import { deepEqual, equal, match } from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expected } from "../lib/expected.mjs";
import { binaryOf } from "../lib/install.mjs";
import { newApp } from "../lib/pack.mjs";

export const name = "edge";
export const question = "Does it run in workerd, which forbids compiling, with the module handed in?";

const worker = `import { Arena, bytesSource } from "forebay";
import { blobSource } from "forebay/web";
import core from "forebay/core.wasm";
import { samples, work } from "./work.js";

const ways = {
  "/portable": async () => work(await Arena.create({ module: core }), () => bytesSource(samples)),
  "/sync": async () => work(Arena.createSync({ module: core }), () => bytesSource(samples)),
  "/web": async () => work(await Arena.create({ module: core }), () => blobSource(new Blob([samples]))),
  "/inlined": async () => work(await Arena.create(), () => bytesSource(samples)),
};

export default {
  async fetch(request) {
    try {
      return Response.json(await ways[new URL(request.url).pathname]());
    } catch (error) {
      return Response.json({ name: error.name, code: error.code, message: error.message, cause: String(error.cause) });
    }
  },
};
`;

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "bundle.js"),
    (name = "forebay/core.wasm", wasm = embed "core.wasm")
  ],
  compatibilityDate = "2024-01-01"
);
`;

/** Starts workerd over the folder's configuration. Answers with its address and a way to end it. */
async function startWorkerd(folder) {
  const child = spawn(binaryOf("workerd"), ["serve", "config.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const port = await new Promise((resolve, reject) => {
    let told = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`workerd ended with ${code}.`)));
    child.stdio[3].setEncoding("utf8").on("data", (text) => {
      told += text;
      for (const line of told.split("\n").slice(0, -1)) {
        const { event, port: opened } = JSON.parse(line);
        if (event === "listen") resolve(opened);
      }
    });
  });
  return {
    address: `http://127.0.0.1:${port}`,
    async close() {
      child.kill();
      await ended;
    },
  };
}

export async function run({ folder, tarball, test }) {
  const app = newApp(join(folder, "edge"), tarball.path);
  writeFileSync(join(app, "worker.js"), worker);
  writeFileSync(join(app, "config.capnp"), config);
  copyFileSync(join(app, "node_modules/forebay/build/core.wasm"), join(app, "core.wasm"));
  await build({
    absWorkingDir: app,
    entryPoints: ["worker.js"],
    outfile: join(app, "bundle.js"),
    bundle: true,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["forebay/core.wasm"],
    logLevel: "silent",
  });
  const host = await startWorkerd(app);
  const ask = async (path) => (await fetch(host.address + path, { signal: AbortSignal.timeout(30_000) })).json();
  try {
    for (const path of ["/portable", "/sync", "/web"]) {
      await test(`workerd runs ${path.slice(1)} with the module handed in`, async () =>
        deepEqual(await ask(path), expected));
    }
    await test("workerd is told what to do where none is", async () => {
      const { name: kind, code, message, cause } = await ask("/inlined");
      equal(kind, "Unsupported");
      equal(code, "unsupported");
      match(message, /edge host.*forebay\/core\.wasm.*Arena\.create\(\{ module \}\)/);
      match(cause, /CompileError/);
    });
  } finally {
    await host.close();
  }
}
