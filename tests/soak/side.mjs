// One thread of the soak: it takes a side of one Buf after another, as it is told.
import { parentPort } from "node:worker_threads";
import { SharedBuf } from "../../build/threads.js";

let state = 1;
/** A number from 1 to `most`. */
function some(most) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return 1 + ((state >>> 4) % most);
}

const nothing = new Int32Array(new SharedArrayBuffer(4));
/** Now and then a millisecond in which nothing happens. */
function pause() {
  if (some(4000) === 1) Atomics.wait(nothing, 0, 0, 1);
}

/** The sum of the frames, each of which is its position and the round's salt; throws at the first that is not. */
function sumOf(data, start, salt) {
  let sum = 0;
  let ought = (start + salt) | 0;
  for (let at = 0; at < data.length; at++) {
    const frame = data[at];
    if (frame !== ought) throw new Error(`frame ${start + at} is ${frame - salt}`);
    sum = (sum + frame) | 0;
    ought = (ought + 1) | 0;
  }
  return sum;
}

const roles = {
  write({ shared, frames, salt }) {
    const buf = SharedBuf.attach(shared, "writer");
    for (let at = 0; at < frames; ) {
      const span = buf.reserveSync(1, some(3) === 1 ? some(buf.maxWindow) : 0);
      const { data } = span;
      // Mostly all of it; what is not committed is written anew.
      const count = Math.min(frames - at, some(8) === 1 ? some(span.length) : span.length);
      let value = (at + salt) | 0;
      for (let frame = 0; frame < count; frame++) {
        data[frame] = value;
        value = (value + 1) | 0;
      }
      buf.commit(count);
      at += count;
      pause();
    }
    buf.end();
    buf.close();
    return {};
  },

  read({ shared, salt }) {
    const reader = SharedBuf.attach(shared, "reader");
    parentPort.postMessage({ kind: "open", reader: reader.handle });
    const { buf } = reader;
    const first = reader.position;
    let [sum, holds, windows] = [0, 0, 0];
    let kept;
    const release = () => {
      if (kept === undefined) return;
      sumOf(kept.data, kept.start, salt);
      kept.release();
      kept = undefined;
    };
    for (;;) {
      if (kept && reader.available < buf.maxWindow) release();
      const answer = reader.readySync(some(buf.maxWindow), some(3) === 1 ? some(buf.capacity) : 0);
      const { window } = answer;
      windows++;
      const rest = answer.state !== "ready";
      const hop = rest || some(4) > 1 ? window.length : some(window.length);
      // Over frames that are passed over now; those of an overlapping window are looked at again.
      sum = (sum + sumOf(window.data.subarray(0, hop), window.start, salt)) | 0;
      if (kept) release();
      else if (!rest && window.length <= buf.capacity >> 2 && some(16) === 1) {
        kept = window.hold();
        holds++;
      }
      reader.advance(hop);
      if (rest) break;
      pause();
    }
    release();
    const end = reader.position;
    reader.close();
    return { first, end, delivered: end - first, lost: 0, sum, holds, windows };
  },

  lossy({ shared, salt }) {
    const reader = SharedBuf.attach(shared, "lossy");
    parentPort.postMessage({ kind: "open", reader: reader.handle });
    const { buf } = reader;
    const first = reader.position;
    let windows = 0;
    for (;;) {
      const answer = reader.readySync(some(buf.maxWindow), some(2) === 1 ? some(buf.maxWindow) : 0);
      const { window } = answer;
      const { data, start, length } = window;
      let wrong = -1;
      for (let at = 0; at < length; at++) if (data[at] !== ((start + at + salt) | 0)) wrong = at;
      windows++;
      if (reader.advance(length) && wrong >= 0) throw new Error(`overwritten frame ${start + wrong} was accepted`);
      if (answer.state !== "ready") break;
      pause();
    }
    const end = reader.position;
    const { delivered, lost, gaps } = reader.ledger;
    const laps = gaps.length;
    reader.close();
    return { first, end, delivered, lost, laps, windows };
  },
};

parentPort.on("message", (job) => {
  state = job.seed | 1;
  try {
    parentPort.postMessage({ kind: "result", result: roles[job.role](job) });
  } catch (error) {
    parentPort.postMessage({ kind: "error", error: `${job.role}: ${error?.stack ?? error}` });
  }
});
