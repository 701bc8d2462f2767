// One thread of the fan-out bench: the writer, which is timed, or a reader that looks at every block.
import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { SharedBuf } from "../../build/threads.js";

/** Nanoseconds of processor time that this thread has had; Linux counts them. */
const processorTime = () => Number(readFileSync("/proc/thread-self/schedstat", "latin1").split(" ")[0]);

const signal = Float32Array.from({ length: 65_536 }, (_, i) => i);

let reader;

const tasks = {
  attach({ shared }) {
    reader = SharedBuf.attach(shared, "reader");
    return "attached";
  },
  /** Looks at every block's ends until the stream ends. */
  read({ block }) {
    let sum = 0;
    reader.eachSync({ size: block }, ({ data }) => {
      sum += data[0] + data[block - 1];
    });
    reader.close();
    return sum;
  },
  /** Time that it sleeps, because readers share the processors with it and have not come yet, does not count. */
  write({ shared, frames, block }) {
    const buf = SharedBuf.attach(shared, "writer");
    const begun = processorTime();
    for (let done = 0; done < frames; done += block) {
      const { data } = buf.tryReserve(block, block) ?? buf.reserveSync(block, block);
      const from = done % 65_536;
      data.set(signal.subarray(from, from + block));
      buf.commit(block);
    }
    const used = processorTime() - begun;
    buf.end();
    buf.close();
    return used;
  },
};

parentPort.on("message", ({ task, ...given }) => parentPort.postMessage(tasks[task](given)));
parentPort.postMessage("ready");
