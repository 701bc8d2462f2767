// Fuzzes every parser of files: mutated headers and data, each of which has to end in a typed fault or a valid recording, in
// bounded time and memory. Stops at the first input that does not, and shows it.
//
//   npm run fuzz                        for a minute
//   npm run fuzz -- --seconds 10
//   npm run fuzz -- --inputs 5e6 --seed 7
import { Worker } from "node:worker_threads";
import { optionsOf, refuse } from "../support/arguments.mjs";

const USAGE = `Usage: npm run fuzz [-- --seconds 60] [--inputs N] [--seed 1]`;
const values = optionsOf(
  { seconds: { type: "string", default: "60" }, inputs: { type: "string" }, seed: { type: "string", default: "1" } },
  USAGE,
);
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
const inputs = values.inputs === undefined ? Number.POSITIVE_INFINITY : Number(values.inputs);
if (!(seconds > 0) || !(inputs > 0) || !Number.isInteger(seed)) refuse(USAGE);

/** How long one input may take at most, and how much memory all may, in bytes. */
const mostMs = 2000;
const mostBytes = 512 * 2 ** 20;

const counts = new BigInt64Array(new SharedArrayBuffer(8));
/** The input that is being read: its length, then its bytes. */
const current = new SharedArrayBuffer(4 + 2 ** 20);
const worker = new Worker(new URL("worker.mjs", import.meta.url), {
  workerData: {
    counts,
    current,
    seed,
    seconds: values.inputs === undefined ? seconds : Number.POSITIVE_INFINITY,
    inputs,
  },
});

/** Shows an input, and ends the program. */
function fail(why) {
  const length = new Int32Array(current, 0, 1)[0];
  const bytes = Buffer.from(new Uint8Array(current, 4, length));
  console.error(`${why}\nThe input, ${length} bytes in base64:\n${bytes.toString("base64")}`);
  process.exit(1);
}

let last = -1n;
let greatest = 0;
let still = 0;
const pause = 250;
const watch = setInterval(() => {
  const done = Atomics.load(counts, 0);
  still = done === last ? still + pause : 0;
  last = done;
  if (still >= mostMs) fail(`An input took longer than ${mostMs} ms.`);
  const { rss } = process.memoryUsage();
  greatest = Math.max(greatest, rss);
  if (rss > mostBytes) fail(`The program took ${rss} bytes of memory, above ${mostBytes}.`);
}, pause);

worker.on("message", (message) => {
  if (message.failure !== undefined) fail(message.failure);
  clearInterval(watch);
  const { done, took, results } = message;
  const rate = Math.round(done / took).toLocaleString("en");
  console.log(`${done.toLocaleString("en")} inputs in ${took.toFixed(1)} s (${rate} a second), seed ${seed}:`);
  for (const [parser, { valid, faults }] of Object.entries(results)) {
    console.log(
      `  ${parser.padEnd(8)} ${valid.toLocaleString("en").padStart(12)} valid ${faults.toLocaleString("en").padStart(12)} faults`,
    );
  }
  console.log(`  at most ${Math.round(greatest / 2 ** 20)} MiB of memory, no hang, nothing untyped`);
});
worker.on("error", (error) => fail(error.stack));
