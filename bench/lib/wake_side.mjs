// The sleeping side of the latency bench: it waits for each frame and answers it at once, by one of three ways.
import { parentPort, workerData } from "node:worker_threads";
import { RingBuffer } from "ringbuf.js";
import { SharedBuf } from "../../build/threads.js";

const { ways } = workerData;

const forebay = ({ there, back }) => {
  const reader = SharedBuf.attach(there, "reader");
  const writer = SharedBuf.attach(back, "writer");
  return (turns) => {
    for (let turn = 0; turn < turns; turn++) {
      const { window } = reader.readySync(1);
      const value = window.data[0];
      reader.advance(1);
      writer.reserve(1, 1).data[0] = value;
      writer.commit(1);
    }
  };
};

/** ringbuf.js, with a word beside it that its reader sleeps on: the usual way to wait for it. */
const ringbuf = ({ there, back, words }) => {
  const reader = new RingBuffer(there, Float32Array);
  const writer = new RingBuffer(back, Float32Array);
  const ints = new Int32Array(words);
  const frame = new Float32Array(1);
  return (turns) => {
    for (let turn = 0; turn < turns; turn++) {
      for (let seen = Atomics.load(ints, 0); reader.availableRead() === 0; seen = Atomics.load(ints, 0)) {
        Atomics.wait(ints, 0, seen, 1000);
      }
      reader.pop(frame);
      writer.push(frame);
      Atomics.add(ints, 32, 1);
      Atomics.notify(ints, 32);
    }
  };
};

const messages = ({ port }) => {
  port.on("message", (value) => port.postMessage(value));
  return () => undefined;
};

const runs = { forebay: forebay(ways.forebay), ringbuf: ringbuf(ways.ringbuf), messages: messages(ways.messages) };
parentPort.on("message", ({ way, turns }) => parentPort.postMessage(runs[way](turns) ?? "done"));
parentPort.postMessage("ready");
