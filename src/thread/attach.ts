/** Taking a side of what another thread posted, whether that is in shared memory or comes by messages. */
import type { Element } from "../element.js";
import { Fault } from "../fault.js";
import type { PortedBufHandle } from "./message.js";
import { PortedBuf, PortedReader } from "./ported-buf.js";
import type { SharedBufHandle } from "./shared.js";
import { type AttachOptions, SharedBuf } from "./shared-buf.js";
import type { SharedReader } from "./shared-reader.js";

/**
 * Takes a side of a Buf that another thread posted: what `buf.share()` returned, or an end of `portedBuf`. The faces are the
 * same; only blocking (`readySync`, `reserveSync`), lossy readers and several readers need shared memory.
 *
 * Throws as `SharedBuf.attach` does, and `bad-argument` for the other end of a ported Buf.
 */
export function attach<E extends Element>(
  shared: SharedBufHandle<E> | PortedBufHandle<E>,
  side: "writer",
  options?: AttachOptions,
): SharedBuf<E> | PortedBuf<E>;
export function attach<E extends Element>(
  shared: SharedBufHandle<E> | PortedBufHandle<E>,
  side: "reader",
  options?: AttachOptions,
): SharedReader<E> | PortedReader<E>;
export function attach<E extends Element>(
  shared: SharedBufHandle<E> | PortedBufHandle<E>,
  side: "writer" | "reader",
  options: AttachOptions = {},
): SharedBuf<E> | SharedReader<E> | PortedBuf<E> | PortedReader<E> {
  if (shared?.kind !== "forebay-port") {
    return side === "writer" ? SharedBuf.attach(shared, side, options) : SharedBuf.attach(shared, side, options);
  }
  if (shared.side !== side) {
    throw new Fault("bad-argument", `This end of the Buf is the ${shared.side}'s, and not the ${String(side)}'s.`);
  }
  return side === "writer" ? new PortedBuf(shared) : new PortedReader(shared, options);
}
