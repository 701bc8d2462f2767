// Runs the WASI command under node:wasi, with this folder as "." and everything as "/".
//
//   node --no-warnings bench/lib/run_wasi.mjs scan needle FILE
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const wasi = new WASI({
  version: "preview1",
  args: ["forebay", ...process.argv.slice(2)],
  preopens: { ".": ".", "/": "/" },
});
const module = new WebAssembly.Module(readFileSync(new URL("../../build/forebay.wasi.wasm", import.meta.url)));
// Up to Node 22, a call straight from WebAssembly can end the process: https://github.com/nodejs/node/issues/46777
const calls = Object.entries(wasi.wasiImport).map(([name, call]) => [name, (...values) => call(...values)]);
process.exitCode = wasi.start(new WebAssembly.Instance(module, { wasi_snapshot_preview1: Object.fromEntries(calls) }));
