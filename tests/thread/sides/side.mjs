// One side of a shared Buf on a thread of its own. Every frame is a u32, its position, so what is out of place shows.
import { parentPort, workerData } from "node:worker_threads";
import { Bell, SharedBuf } from "../../../build/threads.js";

const { role, shared, bell, into, seed = 1, total = 0, least = 0, readBehind } = workerData;

let state = seed | 1;
/** A number from 1 to `most`. */
function some(most) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return 1 + ((state >>> 8) % most);
}

function check(data, start, what) {
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== start + at) throw new Error(`${what} ${start + at} is ${data[at]}`);
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));
const stop = () => Atomics.wait(never, 0, 0);

const roles = {
  write() {
    const buf = SharedBuf.attach(shared, "writer");
    for (let at = 0; at < total; ) {
      const span = buf.reserveSync(1, Math.min(some(buf.maxWindow), total - at));
      const frames = some(span.length);
      for (let frame = 0; frame < frames; frame++) span.data[frame] = at + frame;
      buf.commit(frames);
      at += frames;
    }
    buf.end();
    buf.close();
    return total;
  },

  /** One byte at a time. */
  bytes() {
    const buf = SharedBuf.attach(shared, "writer");
    const frame = new Uint8Array(4);
    for (let at = 0; at < total; at++) {
      new DataView(frame.buffer).setUint32(0, at, true);
      for (const byte of frame) {
        if (buf.partialBytes === 0) while (buf.room === 0) if (!buf.reserveSync(1)) return at;
        buf.reserveBytes(1)[0] = byte;
        buf.commitBytes(1);
      }
    }
    buf.end();
    buf.close();
    return total;
  },

  read() {
    const reader = SharedBuf.attach(shared, "reader", { readBehind });
    parentPort.postMessage("open");
    let next = reader.position;
    let kept;
    for (;;) {
      const answer = reader.readySync(some(reader.buf.maxWindow), some(reader.buf.capacity));
      if (answer.state === "failed") throw answer.fault;
      const { window } = answer;
      if (window.start !== next) throw new Error(`position ${window.start} instead of ${next}`);
      check(window.data, next, "frame");
      // What is held is a window that is short enough for the writer to go on beside it.
      if (kept) {
        check(kept.data, kept.start, "held frame");
        kept.release();
        kept = undefined;
      } else if (answer.state === "ready" && window.length <= reader.buf.capacity >> 2 && some(3) === 1) {
        kept = window.hold();
      }
      const hop = answer.state === "ended" ? window.length : some(window.length);
      check(window.data, next, "frame after a while");
      next += hop;
      reader.advance(hop);
      if (answer.state === "ended") break;
      // A hold beside a wait for a whole window could stop both sides.
      if (kept && reader.available < reader.buf.maxWindow) {
        check(kept.data, kept.start, "held frame");
        kept.release();
        kept = undefined;
      }
    }
    kept?.release();
    reader.close();
    return next;
  },

  async readAsync() {
    const reader = SharedBuf.attach(shared, "reader");
    parentPort.postMessage("open");
    let next = reader.position;
    for (;;) {
      const answer = await reader.ready(some(reader.buf.maxWindow));
      if (answer.state === "failed") throw answer.fault;
      check(answer.window.data, next, "frame");
      next += answer.window.length;
      reader.advance(answer.window);
      if (answer.state === "ended") break;
    }
    reader.close();
    return next;
  },

  lossy() {
    const reader = SharedBuf.attach(shared, "lossy");
    const first = reader.position;
    parentPort.postMessage("open");
    for (;;) {
      const answer = reader.readySync(some(reader.buf.maxWindow));
      const { window } = answer;
      let intact = true;
      for (let at = 0; at < window.length; at++) if (window.data[at] !== window.start + at) intact = false;
      const { length } = window;
      const accepted = reader.advance(length);
      if (accepted && !intact) throw new Error("overwritten frames were accepted");
      if (answer.state !== "ready") break;
      if (some(40) === 1) Atomics.wait(never, 0, 0, 1);
    }
    const { delivered, lost } = reader.ledger;
    const end = reader.position;
    reader.close();
    return { first, end, delivered, lost };
  },

  /** Commits `total` frames, then half a frame and a span that is filled and not committed, and goes on no more. */
  dieWriting() {
    const buf = SharedBuf.attach(shared, "writer");
    for (let at = 0; at < total; at++) {
      buf.reserveSync(1).data[0] = at;
      buf.commit(1);
    }
    buf.reserve(1).data[0] = 0xdead;
    buf.reserveBytes(2).fill(0xee);
    buf.commitBytes(2);
    parentPort.postMessage("now");
    stop();
  },

  /** Looks at a window and holds another one, and goes on no more. */
  dieReading() {
    const reader = SharedBuf.attach(shared, "reader");
    parentPort.postMessage("open");
    const { window } = reader.readySync(least);
    window.hold();
    reader.advance(1);
    reader.readySync(least);
    parentPort.postMessage("now");
    stop();
  },

  /** Waits for `least` frames at once; the bell, if there is one, is what it sleeps on. */
  await() {
    const options = bell ? { bell: Bell.attach(bell) } : {};
    const reader = SharedBuf.attach(shared, "reader", options);
    parentPort.postMessage("open");
    const { state, window } = reader.readySync(least);
    const answer = { state, frames: window?.length };
    reader.close();
    return answer;
  },

  /** Passes on from one Buf to another. */
  relay() {
    const reader = SharedBuf.attach(shared, "reader");
    const writer = SharedBuf.attach(into, "writer");
    parentPort.postMessage("open");
    for (;;) {
      const { state, window } = reader.readySync();
      if (window.length > 0) {
        const span = writer.reserveSync(1, window.length);
        span.data.set(window.data.subarray(0, span.length));
        reader.advance(span.length);
        writer.commit(span.length);
      }
      if (state !== "ready" && reader.available === 0) break;
    }
    const passed = writer.ready;
    writer.end();
    reader.close();
    writer.close();
    return passed;
  },

  fails() {
    const buf = SharedBuf.attach(shared, "writer");
    buf.reserveSync(1).data[0] = 0;
    buf.commit(1);
    throw new Error("on purpose");
  },
};

parentPort.postMessage({ result: await roles[role]() });
