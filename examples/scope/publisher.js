/** The worker's side of what the page draws: frames are made in the arena, and what there is no room for is left out. */
import { Arena } from "forebay";
import { attach, portedBuf, SharedArena, transferOf } from "forebay/threads";
import { outlets } from "./shape.js";

/** Bytes of the arena that everything lives in: the rings, the pyramid and the operators' states. Untouched ones cost nothing. */
const arenaBytes = 96 * 2 ** 20;

export async function openPublisher() {
  const shared = globalThis.crossOriginIsolated;
  const arena = shared ? await SharedArena.create({ bytes: arenaBytes }) : await Arena.create({ bytes: arenaBytes });
  const handles = {};
  const bufs = {};
  const transfer = [];
  for (const [name, shape] of Object.entries(outlets)) {
    if (shared) {
      bufs[name] = arena.buf({ ...shape, readers: 1, lossy: 1 });
      handles[name] = bufs[name].share();
    } else {
      const { writer, reader } = portedBuf({ ...shape, chunk: 1, pool: shape.capacity });
      bufs[name] = attach(writer, "writer");
      handles[name] = reader;
      transfer.push(...transferOf(reader));
    }
  }
  return { arena, handles, transfer, publish: new Publisher(bufs) };
}

class Publisher {
  #bufs;

  constructor(bufs) {
    this.#bufs = bufs;
  }

  /** Has `fill` write one frame of an outlet: it is called with the frame's elements. Returns whether there was room. */
  frame(name, fill) {
    const span = this.#bufs[name].tryReserve(1, 1);
    if (!span) return false;
    fill(span.data);
    this.#bufs[name].commit(1);
    return true;
  }
}
