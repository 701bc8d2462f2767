/**
 * The page's end of a Buf that the worker writes. In shared memory its reader is a lossy one, which never holds the worker back;
 * over messages there is none of that kind, and the worker leaves out what there is no room for.
 *
 * What a frame has is read through views of the whole memory, from the window's address on: nothing is made for a frame.
 */
import { attach, SharedBuf } from "forebay/threads";

export class Outlet {
  constructor(handle) {
    this.reader = handle.kind === "forebay-port" ? attach(handle, "reader") : SharedBuf.attach(handle, "lossy");
    const { buffer } = this.reader.buf.core.memory.memory;
    this.bytes = new Uint8Array(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  /** The next frame, or nothing. */
  next() {
    const answer = this.reader.window(1, 1);
    return answer.state === "ready" ? answer.window : undefined;
  }

  /** The newest frame, or nothing; those before it are passed over. */
  latest() {
    const older = this.reader.available - 1;
    if (older > 0) this.reader.skip(older);
    return this.next();
  }

  pass(window) {
    this.reader.advance(window);
  }
}
