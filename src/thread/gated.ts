/**
 * A Buf and its reader while the other thread begins a new stream: a far seek moves cursors that are this thread's own, so
 * between the request and its answer nothing here looks at them.
 */
import type { Element } from "../element.js";
import { type Fault, wasmCode } from "../fault.js";
import type { WindowVisitor } from "../reader.js";
import type { WindowLoop } from "../windows.js";
import { SharedBuf } from "./shared-buf.js";
import { SharedReader } from "./shared-reader.js";

/** A Buf whose stream is between two places while `target` is a position. */
export class GatedBuf<E extends Element> extends SharedBuf<E> {
  /** The position that was asked for and is not there yet. */
  #target: number | undefined;

  get target(): number | undefined {
    return this.#target;
  }

  set target(position: number | undefined) {
    this.#target = position;
    // Another stream begins, on another thread: why the last one failed is over.
    this.forgetFailure();
  }

  override get ended(): boolean {
    return this.target === undefined && super.ended;
  }

  override get fault(): Fault | undefined {
    return this.target === undefined ? super.fault : undefined;
  }
}

/** Its reader: at the target, with nothing there. */
export class GatedReader<E extends Element> extends SharedReader<E> {
  declare readonly buf: GatedBuf<E>;

  override get position(): number {
    return this.buf.target ?? super.position;
  }

  override get available(): number {
    return this.buf.target === undefined ? super.available : 0;
  }

  override seek(position: number): boolean {
    return this.buf.target === undefined && super.seek(position);
  }

  override skip(frames: number): number {
    return this.buf.target === undefined ? super.skip(frames) : 0;
  }

  override visitReady(loop: WindowLoop, visit: WindowVisitor<E>): "not-ready" | "ended" | "failed" | "stopped" {
    return this.buf.target === undefined ? super.visitReady(loop, visit) : "not-ready";
  }

  protected override look(least: number, most: number): number {
    return this.buf.target === undefined ? super.look(least, most) : wasmCode.notReady;
  }

  protected override lookMore(): number {
    return this.buf.target === undefined ? super.lookMore() : wasmCode.notReady;
  }
}
