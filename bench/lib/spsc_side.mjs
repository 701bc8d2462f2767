// One side of the benches between threads: a worker that moves frames by one of three ways when it is told to.
import { parentPort, workerData } from "node:worker_threads";
import { RingBuffer } from "ringbuf.js";
import { SharedBuf } from "../../build/threads.js";

const { side, ways } = workerData;

/** What is written: any frame can be told from its neighbours, and f32 holds it exactly. */
const signal = Float32Array.from({ length: 2 ** 16 + 4096 }, (_, i) => i % 65_536);
const expected = (position) => position % 65_536;

/** Ours: spans are filled in place, windows are looked at in place; who has nothing to do sleeps. */
const forebay = {
  writer(shared) {
    const buf = SharedBuf.attach(shared, "writer");
    return ({ frames, block }) => {
      for (let done = 0; done < frames; done += block) {
        const span = buf.tryReserve(block, block) ?? buf.reserveSync(block, block);
        const from = done % 65_536;
        span.data.set(signal.subarray(from, from + block));
        buf.commit(block);
      }
    };
  },
  reader(shared) {
    const reader = SharedBuf.attach(shared, "reader");
    return ({ frames, block, checked }) => {
      let at = 0;
      let sum = 0;
      const loop = reader.loop({ size: block });
      const visit = (window) => {
        const data = window.data;
        if (checked) check(data, at);
        sum += data[0] + data[block - 1];
        at += block;
        return at < frames;
      };
      for (;;) {
        reader.visitReady(loop, visit);
        if (at >= frames) break;
        reader.readySync(block);
      }
      reader.skip(block);
      return sum;
    };
  },
};

/** The same for frames that lie in the arena, as what kernels have made does: one call a block. */
const arena = {
  writer({ shared, handle, pointer }) {
    const buf = SharedBuf.attach(shared, "writer");
    const region = { core: buf.core, handle, pointer, byteLength: signal.byteLength };
    new Float32Array(buf.core.memory.memory.buffer, pointer, signal.length).set(signal);
    return ({ frames, block }) => {
      for (let done = 0; done < frames; done += block) {
        const from = done % 65_536;
        if (!buf.tryWrite(region, block, from)) buf.writeSync(region, block, from);
      }
    };
  },
  reader: ({ shared }) => forebay.reader(shared),
};

/** ringbuf.js, the usual way: push an array, pop into an array; it has no way to wait but to ask again. */
const ringbuf = {
  writer({ storage }) {
    const ring = new RingBuffer(storage, Float32Array);
    return ({ frames, block }) => {
      for (let done = 0; done < frames; done += block) {
        const from = done % 65_536;
        const some = signal.subarray(from, from + block);
        while (ring.availableWrite() < block);
        ring.push(some);
      }
    };
  },
  reader({ storage }) {
    const ring = new RingBuffer(storage, Float32Array);
    const blocks = new Map();
    return ({ frames, block, checked }) => {
      const data = blocks.get(block) ?? new Float32Array(block);
      blocks.set(block, data);
      let sum = 0;
      for (let at = 0; at < frames; at += block) {
        while (ring.availableRead() < block);
        ring.pop(data);
        if (checked) check(data, at);
        sum += data[0] + data[block - 1];
      }
      return sum;
    };
  },
};

/** Messages: each block is an array of its own, transferred; the reader sends it back to be filled again. */
const messages = {
  writer({ port }) {
    const free = [];
    let wake;
    port.on("message", (array) => {
      free.push(array);
      wake?.();
    });
    let made = 0;
    return async ({ frames, block }) => {
      for (let done = 0; done < frames; done += block) {
        if (free.length === 0 && made >= 512) await new Promise((resolve) => (wake = resolve));
        let array = free.pop();
        if (array?.length !== block) {
          array = new Float32Array(block);
          made++;
        }
        const from = done % 65_536;
        array.set(signal.subarray(from, from + block));
        port.postMessage(array, [array.buffer]);
      }
      made = 0;
      free.length = 0;
    };
  },
  reader({ port }) {
    let task;
    port.on("message", (data) => {
      const { block, checked, frames } = task;
      if (checked) check(data, task.at);
      task.sum += data[0] + data[block - 1];
      task.at += block;
      port.postMessage(data, [data.buffer]);
      if (task.at >= frames) task.done(task.sum);
    });
    return ({ frames, block, checked }) =>
      new Promise((done) => {
        task = { frames, block, checked, at: 0, sum: 0, done };
      });
  },
};

function check(data, at) {
  for (let i = 0; i < data.length; i++) {
    if (data[i] !== expected(at + i)) throw new Error(`frame ${at + i} is ${data[i]}, not ${expected(at + i)}`);
  }
}

const runs = Object.fromEntries(
  Object.entries({ forebay, arena, ringbuf, messages }).map(([way, make]) => [way, make[side](ways[way])]),
);
parentPort.on("message", async (task) => parentPort.postMessage(await runs[task.way](task)));
parentPort.postMessage("ready");
