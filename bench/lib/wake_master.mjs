// The side of the latency bench that begins each turn: it sends a frame to a sleeper, sleeps until its answer is there, and
// notes how long both wake-ups took.
import { parentPort, workerData } from "node:worker_threads";
import { RingBuffer } from "ringbuf.js";
import { SharedBuf } from "../../build/threads.js";

const { ways } = workerData;
/** Long enough for the other side to have fallen asleep: nobody looks again for so long. Milliseconds. */
const pause = 0.2;
const quiet = new Int32Array(new SharedArrayBuffer(4));
const rest = () => Atomics.wait(quiet, 0, 0, pause);

const forebay = ({ there, back }) => {
  const writer = SharedBuf.attach(there, "writer");
  const reader = SharedBuf.attach(back, "reader");
  return (value) => {
    writer.reserve(1, 1).data[0] = value;
    writer.commit(1);
    const { window } = reader.readySync(1);
    const answer = window.data[0];
    reader.advance(1);
    return answer;
  };
};

const ringbuf = ({ there, back, words }) => {
  const writer = new RingBuffer(there, Float32Array);
  const reader = new RingBuffer(back, Float32Array);
  const ints = new Int32Array(words);
  const frame = new Float32Array(1);
  return (value) => {
    frame[0] = value;
    writer.push(frame);
    Atomics.add(ints, 0, 1);
    Atomics.notify(ints, 0);
    for (let seen = Atomics.load(ints, 32); reader.availableRead() === 0; seen = Atomics.load(ints, 32)) {
      Atomics.wait(ints, 32, seen, 1000);
    }
    reader.pop(frame);
    return frame[0];
  };
};

const messages = ({ port }) => {
  let answered;
  port.on("message", (value) => answered(value));
  return (value) =>
    new Promise((resolve) => {
      answered = resolve;
      port.postMessage(value);
    });
};

const runs = { forebay: forebay(ways.forebay), ringbuf: ringbuf(ways.ringbuf), messages: messages(ways.messages) };
parentPort.on("message", async ({ way, turns }) => {
  const times = new Float64Array(turns);
  for (let turn = 0; turn < turns; turn++) {
    rest();
    const started = process.hrtime.bigint();
    const answer = runs[way](turn % 4096);
    const value = typeof answer === "number" ? answer : await answer;
    times[turn] = Number(process.hrtime.bigint() - started) / 1000;
    if (value !== turn % 4096) throw new Error(`${way}: ${value} came back for ${turn % 4096}`);
  }
  parentPort.postMessage(times.sort());
});
parentPort.postMessage("ready");
