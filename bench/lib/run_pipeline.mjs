// The flow of bench/pipeline.mjs, alone in a process: node run_pipeline.mjs FILE OUT OPTIONS. Writes JSON as pipeline.py does.
import { closeSync, openSync, writeSync } from "node:fs";
import { Arena } from "../../build/index.js";
import { fileSource } from "../../build/node.js";
import { complexFrames, complexSamples, decimate, openSignal, shift, stft } from "../../build/signal.js";

const [path, out, options] = process.argv.slice(2);
const { size, factor, by, range, taps } = JSON.parse(options);
const file = out === "-" ? undefined : openSync(out, "w");

const begun = performance.now();
const arena = Arena.createSync({ bytes: 4 * 2 ** 20 });
const rows = openSignal(arena, fileSource(path), complexFrames("cu8"))
  .through(complexSamples("cu8", "power-of-two"))
  .through(shift({ by }))
  .through(decimate(factor, taps))
  .through(stft({ size, hop: size, element: "u8", range }));
let count = 0;
rows.eachSync({ size: 1, hop: 1 }, (row) => {
  count++;
  if (file !== undefined) writeSync(file, row.data);
});
const ms = performance.now() - begun;
rows.closeSync();
if (file !== undefined) closeSync(file);
// Kilobytes, as getrusage has them.
console.log(JSON.stringify({ ms, rows: count, bytes: process.resourceUsage().maxRSS * 1024 }));
