// Sends a converter's samples, some of them lost, through operators for as long as asked: round after round, each with losses,
// damage and garbage of its own. Behind each round the ledgers have to balance to the frame at both ends of the chain, the arena
// has to be empty; and the heap has to stay as large as it was.
//
//   node tests/soak/signal.mjs [--seconds 60] [--frames 28800000] [--seed 1] [--json]
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Arena } from "../../build/index.js";
import { packetSource, syntheticAdc } from "../../build/sensors.js";
import { convert, openSignal, removeDc } from "../../build/signal.js";
import { optionsOf } from "../support/arguments.mjs";

const USAGE = `Usage: npm run soak -- signal [--seconds 60] [--frames 28800000] [--seed 1] [--json]

Sends the samples of a synthetic converter through packets, losses and operators, and checks that every frame is accounted for
and that the heap stays flat.

  --seconds S   seconds after which it ends, once a round is over (60 unless told)
  --frames N    frames of a round (28800000 unless told: ten minutes at 48 kHz)
  --seed N      what is random comes of it (printed, so that a failure can be had again)
  --json        the result as one line of JSON

Exit status: 0 when all balances, 1 when not, 2 when the call was wrong.`;

const values = optionsOf(
  {
    seconds: { type: "string", default: "60" },
    frames: { type: "string", default: "28800000" },
    seed: { type: "string", default: String(Date.now() & 0xffff) },
    json: { type: "boolean", default: false },
  },
  USAGE,
);

function number(name) {
  const value = Number(values[name]);
  if (value > 0) return value;
  console.error(`--${name} is a number above 0, not “${values[name]}”.`);
  process.exit(2);
}
const seconds = number("seconds");
const frames = number("frames");
const seed = number("seed");

let state = seed | 1;
/** One of these. */
function one(...of) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return of[(state >>> 8) % of.length];
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
/** Bytes of the heap that are in use, after all garbage is gone. */
function heap() {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const arena = await Arena.create({ bytes: 4 * 2 ** 20 });
const total = { rounds: 0, sent: 0, delivered: 0, lost: 0, gaps: 0, windows: 0, problems: [] };
/** More than this is growth: what the engine keeps for itself comes and goes. */
const slack = 2 * 2 ** 20;
let first;
let most = 0;

async function round() {
  const packetFrames = one(16, 64, 256);
  const options = {
    rate: 48_000,
    frames: Math.max(1, Math.round(frames / packetFrames)) * packetFrames,
    packetFrames,
    channels: one(1, 1, 2),
    loss: one(0, 0.001, 0.01, 0.1),
    burst: one(1, 4, 40),
    corrupt: one(0, 0.001, 0.01),
    garbage: one(0, 0.001, 0.1),
    sequenceBits: one(8, 16, 32),
    seed: seed + total.rounds,
  };
  const adc = syntheticAdc(options);
  const source = packetSource(adc, adc.format);
  const input = openSignal(arena, source, { element: "i16", channels: options.channels, rate: adc.rate });
  const signal = input.through(convert({ from: "s16", profile: "power-of-two" })).through(removeDc({ frames: 4800 }));
  let shown = 0;
  let lostInWindows = 0;
  signal.eachSync({ size: 1024 }, ({ length, gap }) => {
    shown += length;
    if (gap) lostInWindows += gap.lost;
    total.windows++;
  });
  const books = [input.ledger, signal.ledger].map(({ delivered, lost }) => [delivered, lost]);
  const gaps = source.counts.gaps;
  signal.closeSync();
  const wanted = [adc.sent - adc.dropped, adc.dropped];
  const told = JSON.stringify([...books, [shown, lostInWindows]]);
  if (told !== JSON.stringify([wanted, wanted, wanted])) {
    total.problems.push(`round ${total.rounds} with ${JSON.stringify(options)}: ${told} instead of ${wanted}`);
  }
  if (arena.used !== 0) total.problems.push(`round ${total.rounds}: ${arena.used} bytes of the arena are left`);
  total.rounds++;
  total.sent += adc.sent;
  total.delivered += books[1][0];
  total.lost += books[1][1];
  total.gaps += gaps;
}

const began = performance.now();
do {
  await round();
  const bytes = heap();
  // The first rounds compile, and fill the engine's tables.
  if (total.rounds <= 3) first = bytes;
  most = Math.max(most, bytes);
  if (bytes > first + slack)
    total.problems.push(`round ${total.rounds}: the heap has ${bytes} bytes, ${first} at first`);
} while (performance.now() - began < seconds * 1000 && total.problems.length === 0);

const took = (performance.now() - began) / 1000;
const result = { ...total, seed, seconds: took, heapFirst: first, heapMost: most };
if (values.json) console.log(JSON.stringify(result));
else {
  const counts = new Intl.NumberFormat("en");
  console.log(
    `${counts.format(total.sent)} frames sent in ${total.rounds} rounds and ${took.toFixed(0)} s (seed ${seed}),`,
  );
  console.log(
    `${counts.format(total.delivered)} delivered, ${counts.format(total.lost)} lost in ${counts.format(total.gaps)} places;`,
  );
  console.log(
    `${(total.sent / 48_000 / 3600).toFixed(2)} hours at 48 kHz, ${(total.sent / took / 1e6).toFixed(1)} MS/s;`,
  );
  console.log(`the heap had ${counts.format(first)} bytes at first, ${counts.format(most)} at most.`);
  for (const problem of total.problems) console.error(problem);
}
process.exit(total.problems.length === 0 ? 0 : 1);
