// Reads one mutated file after the other, as a file and as a pipe, and tells of the first one that ends as it must not.
import { parentPort, workerData } from "node:worker_threads";
import { openRecordingSync } from "../../build/formats.js";
import { bytesSource, Fault } from "../../build/index.js";
import { mutate, randomOf } from "./mutate.mjs";
import { seeds } from "./seeds.mjs";

const { counts, current, seed, seconds, inputs } = workerData;
const random = randomOf(seed);
const begun = performance.now();

/** How a file may fail: it is not as its format wants it, or not what it is taken for. */
const codes = new Set(["source-failed", "bad-argument", "not-seekable"]);

/** A pipe: bytes in order, a few at a time. */
function pipe(bytes, most) {
  let at = 0;
  return {
    readSync(into, position) {
      if (position !== at) throw new Error(`a pipe at byte ${at} was read at byte ${position}`);
      const some = bytes.subarray(at, at + Math.min(most, into.length));
      into.set(some);
      at += some.length;
      return some.length;
    },
    read: () => 0,
  };
}

/** Throws what must not be; returns whether the file was valid. */
function check({ name, bytes, beside }, order) {
  const sources = order
    ? [bytes, beside].map((bytes) => bytes && pipe(bytes, 1 + random(100)))
    : [bytes, beside].map((bytes) => bytes && { ...bytesSource(bytes), ...(random(2) && { size: undefined }) });
  let recording;
  try {
    recording = openRecordingSync(sources[0], { name, ...(beside && { beside: () => sources[1] }) });
  } catch (error) {
    if (error instanceof Fault && codes.has(error.code)) return false;
    throw error;
  }
  const { source, frameBytes, channels, rate, warnings } = recording;
  const whole = Number.isInteger(channels) && channels > 0 && frameBytes >= channels;
  if (!whole || (rate !== undefined && !(rate > 0)))
    throw new Error(`a recording of nonsense: ${JSON.stringify(recording)}`);
  const room = bytes.length + (beside?.length ?? 0);
  const into = new Uint8Array([frameBytes, 64, 4096, 7][random(4)] || 1).subarray(0, 65_536);
  let read = 0;
  let events = 0;
  let last = 0;
  try {
    for (let bytes = source.readSync(into, 0); bytes > 0; bytes = source.readSync(into, read)) {
      read += bytes;
      if (read > room) throw new Error(`${read} bytes of frames came of ${room} bytes`);
      for (let event = source.events?.take(); event; event = source.events.take()) {
        if (!Number.isSafeInteger(event.position) || event.position < last) throw new Error("events are out of order");
        last = event.position;
        if (++events > room) throw new Error("there are more events than bytes");
      }
    }
    const frames = recording.frames;
    if (frames !== undefined && !Number.isSafeInteger(frames)) throw new Error(`${frames} frames`);
    if (warnings.length > 200) throw new Error(`${warnings.length} warnings`);
  } catch (error) {
    if (error instanceof Fault && codes.has(error.code)) return false;
    throw error;
  }
  return true;
}

const parsers = Object.entries(seeds);
const others = parsers.flatMap(([, all]) => all.map(({ bytes }) => bytes));
const results = Object.fromEntries(parsers.map(([parser]) => [parser, { valid: 0, faults: 0 }]));
const shown = new Uint8Array(current, 4);
let done = 0;
try {
  while (done < inputs && (done % 64 > 0 || performance.now() - begun < seconds * 1000)) {
    const [parser, all] = parsers[random(parsers.length)];
    const start = all[random(all.length)];
    const bytes = mutate(random, start.bytes, others[random(others.length)], 65_536);
    shown.set(bytes);
    new Int32Array(current, 0, 1)[0] = bytes.length;
    const beside = start.beside && random(4) === 0 ? mutate(random, start.beside, bytes, 65_536) : start.beside;
    results[parser][check({ ...start, bytes, beside }, random(2) > 0) ? "valid" : "faults"]++;
    Atomics.store(counts, 0, BigInt(++done));
  }
  parentPort.postMessage({ done, took: (performance.now() - begun) / 1000, results });
} catch (error) {
  parentPort.postMessage({ failure: `Input ${done} of seed ${seed}: ${error?.stack ?? error}` });
}
