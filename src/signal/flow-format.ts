/** What a flow's frames are, and the arena that they lie in. */
import { Arena } from "../arena.js";
import type { Element, ElementFacts } from "../element.js";
import { Unsupported } from "../fault.js";
import type { Flow } from "../flow.js";
import type { Core } from "../wasm/core.js";

/** Of a flow over resident content a window has to be asked, since there is no ring. */
export function formatOf<E extends Element>(
  flow: Flow<E>,
): { readonly core: Core; readonly element: ElementFacts; readonly channels: number } {
  if (flow.plan.mode !== "resident") return flow.buf;
  const answer = flow.window(1, 1);
  if (answer.state === "not-ready") throw new Unsupported("A resident flow is ready from its begin.");
  return answer.window;
}

/** The arena's face over a core that another one was made with. */
class SameArena extends Arena {
  static over(core: Core): Arena {
    return new SameArena(core);
  }
}

const arenas = new WeakMap<Core, Arena>();

/** An arena of a core: for operators, which take blocks from it. */
export function arenaOf(core: Core): Arena {
  let arena = arenas.get(core);
  if (!arena) {
    arena = SameArena.over(core);
    arenas.set(core, arena);
  }
  return arena;
}
