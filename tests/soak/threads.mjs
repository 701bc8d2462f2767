// Moves frames between threads: every frame is looked at by every reader, sizes are random, windows are held, some readers are
// lossy, threads pause, and some are ended in the middle of what they do. At the end a ledger, which has to balance: what was
// committed is what each reader was given, or was given and lost.
//
//   node tests/soak/threads.mjs [--frames 10e9] [--seconds 60] [--seed 1] [--json]
import { Worker } from "node:worker_threads";
import { SharedArena } from "../../build/threads.js";
import { optionsOf } from "../support/arguments.mjs";

const USAGE = `Usage: npm run soak -- threads [--frames 10e9] [--seconds 60] [--seed 1] [--json]

Moves frames between threads with random sizes, holds, lossy readers, pauses and killed threads, until so many frames or
seconds have gone by, and prints a ledger that has to balance.

  --frames N    frames to move (10e9 unless told)
  --seconds S   seconds after which it ends (none unless told)
  --seed N      what is random comes of it (printed, so that a failure can be had again)
  --json        the ledger as one line of JSON

Exit status: 0 when the ledger balances, 1 when not, 2 when the call was wrong.`;

const values = optionsOf(
  {
    frames: { type: "string", default: "10e9" },
    seconds: { type: "string", default: "Infinity" },
    seed: { type: "string", default: String(Date.now() & 0xffff) },
    json: { type: "boolean", default: false },
  },
  USAGE,
);
const goal = number("frames");
const seconds = number("seconds");
const seed = number("seed");

function number(name) {
  const value = Number(values[name]);
  if (value > 0) return value;
  console.error(`--${name} is a number above 0, not “${values[name]}”.`);
  process.exit(2);
}

/** Milliseconds: who says nothing for so long is dead. Long enough for a machine that has much else to do. */
const lease = 4000;

let state = seed | 1;
/** A number from 1 to `most`. */
function some(most) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return 1 + ((state >>> 4) % most);
}

/** A thread, and what it was told to do last. */
class Thread {
  constructor() {
    this.worker = new Worker(new URL("side.mjs", import.meta.url));
    this.worker.unref();
    this.worker.on("message", (message) => {
      if (message.kind === "open") this.opened(message.reader);
      else if (message.kind === "result") this.resolve(message.result);
      else this.reject(new Error(message.error));
    });
    this.worker.on("error", (error) => this.reject?.(error));
  }

  run(job) {
    this.worker.ref();
    this.settled = false;
    const open = new Promise((resolve) => {
      this.opened = (reader) => {
        this.reader = reader;
        resolve();
      };
    });
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    }).finally(() => {
      this.settled = true;
      this.worker.unref();
    });
    this.result.catch(() => undefined);
    this.worker.postMessage({ ...job, seed: some(2 ** 24) });
    return Promise.race([open, this.result]);
  }

  /** Ends it, whatever it does, and answers nothing more. */
  async end() {
    await this.worker.terminate();
    this.resolve?.(undefined);
  }
}

const threads = [];
const idle = () => threads.pop() ?? new Thread();

const ledger = {
  rounds: 0,
  committed: 0,
  readers: 0,
  delivered: 0,
  windows: 0,
  holds: 0,
  lossyReaders: 0,
  lossyDelivered: 0,
  lossyLost: 0,
  laps: 0,
  writersEnded: 0,
  readersEnded: 0,
};
const arena = SharedArena.createSync({ bytes: 64 * 2 ** 20 });
const started = performance.now();
const elapsed = () => (performance.now() - started) / 1000;
let running;
const moved = () => ledger.committed + (running && !running.closed ? running.ready : 0);

/** The sum of frames 0 up to `frames`, as the readers add them up. */
function sumTo(frames, salt) {
  const n = BigInt(frames);
  return Number(BigInt.asIntN(32, (n * (n - 1n)) / 2n + n * BigInt(salt)));
}

function balance(holds, what) {
  if (!holds) throw new Error(`The ledger does not balance: ${what}.`);
}

async function round() {
  const maxWindow = some(4) === 1 ? some(64) : some(8192);
  const capacity = maxWindow * (1 + some(8)) + some(7);
  const readers = some(2);
  const lossy = some(3) - 1;
  const salt = some(2 ** 28);
  const frames = Math.min(goal - ledger.committed, some(4) * (maxWindow > 64 ? 1e7 : 1e6));
  const buf = arena.buf({
    element: "i32",
    capacity,
    maxWindow,
    readers: readers + lossy,
    lossy,
    holds: readers,
    lease,
  });
  running = buf;
  const shared = buf.share();
  const reading = Array.from({ length: readers }, idle);
  const losing = Array.from({ length: lossy }, idle);
  const writing = idle();
  await Promise.all([
    ...reading.map((one) => one.run({ role: "read", shared, salt })),
    ...losing.map((one) => one.run({ role: "lossy", shared, salt })),
  ]);
  void writing.run({ role: "write", shared, salt, frames });

  // Now and then somebody is ended in the middle of it. That a thread is gone is known here; its lease would say so, too.
  const fate = some(6);
  const victim = fate === 1 ? writing : fate === 2 && readers > 1 ? reading[0] : undefined;
  if (victim) {
    await new Promise((resolve) => setTimeout(resolve, some(50)));
    if (!victim.settled) {
      await victim.end();
      // Half of them are found out by the other side itself, within twice the lease.
      // One that had not taken its side yet is nobody's: readers wait for a writer to come.
      const told = some(2) === 1 || (victim === writing && buf.ready === 0);
      if (victim === writing) {
        ledger.writersEnded++;
        if (told) buf.abandonWriter();
      } else {
        ledger.readersEnded++;
        if (told) buf.abandonReader(victim.reader);
      }
    }
  }
  const results = await Promise.all([...reading, ...losing].map((one) => one.result));
  const dead = victim !== undefined && (await victim.result) === undefined;
  if (!(dead && victim === writing)) await writing.result;
  const { ready } = buf;
  balance(
    ready === frames || (dead && victim === writing && ready <= frames),
    `${ready} of ${frames} frames committed`,
  );
  for (const [at, result] of results.entries()) {
    if (result === undefined) continue;
    const { first, end, delivered, lost } = result;
    const facts = `round ${ledger.rounds}: ${JSON.stringify(result)} of ${ready}`;
    balance(first === 0 && end === ready && delivered + lost === ready, facts);
    ledger.windows += result.windows;
    if (at < readers) {
      balance(result.sum === sumTo(ready, salt), `the checksum of ${facts}`);
      ledger.readers++;
      ledger.delivered += delivered;
      ledger.holds += result.holds;
    } else {
      ledger.lossyReaders++;
      ledger.lossyDelivered += delivered;
      ledger.lossyLost += lost;
      ledger.laps += result.laps;
    }
  }
  ledger.rounds++;
  ledger.committed += ready;
  running = undefined;
  const { left } = arena;
  buf.close();
  balance(arena.left > left, "the arena has not got the Buf's memory back");
  for (const one of [...reading, ...losing, writing]) if (!(dead && one === victim)) threads.push(one);
}

const count = (frames) => Math.round(frames).toLocaleString("en");
const terminal = process.stderr.isTTY;
const bar = setInterval(() => {
  if (!terminal) return;
  const share = Math.min(1, Math.max(moved() / goal, elapsed() / seconds));
  const done = Math.round(30 * share);
  const rate = moved() / elapsed();
  process.stderr.write(
    `\r\x1b[K[${"█".repeat(done)}${" ".repeat(30 - done)}] ${(100 * share).toFixed(0)} %, ${count(moved())} frames, ${count(rate / 1e6)} M/s`,
  );
}, 250);

let failure;
try {
  while (ledger.committed < goal && elapsed() < seconds) await round();
} catch (error) {
  failure = error;
}
clearInterval(bar);
if (terminal) process.stderr.write("\r\x1b[K");
const took = elapsed();
const rate = ledger.committed / took;
if (values.json) {
  console.log(
    JSON.stringify(
      { ok: failure === undefined, failure: failure?.message, seed, seconds: took, rate, ...ledger },
      null,
      2,
    ),
  );
} else {
  const rows = {
    "frames committed": ledger.committed,
    "readers that got all of them": ledger.readers,
    "frames delivered to them": ledger.delivered,
    "lossy readers": ledger.lossyReaders,
    "frames delivered to those": ledger.lossyDelivered,
    "frames lost by those": ledger.lossyLost,
    gaps: ledger.laps,
    windows: ledger.windows,
    holds: ledger.holds,
    "writers ended in the middle": ledger.writersEnded,
    "readers ended in the middle": ledger.readersEnded,
    Bufs: ledger.rounds,
  };
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(30)} ${count(value).padStart(20)}`);
  console.log(
    `${took.toFixed(1)} s, ${count(rate)} frames/s; 10 billion take ${(10e9 / rate / 60).toFixed(1)} minutes. Seed ${seed}.`,
  );
  console.log(failure === undefined ? "The ledger balances." : `FAILED: ${failure.message}`);
}
process.exit(failure === undefined ? 0 : 1);
