/** Counts the listeners of a target, by what is asked of it: only Node can be asked for them. */

/** From now on, how many listeners for events of one type the target has that were added since. */
export function listenersOf(target: EventTarget, type: string): () => number {
  const there = new Set<unknown>();
  const { addEventListener, removeEventListener } = target;
  target.addEventListener = (...rest: Parameters<EventTarget["addEventListener"]>) => {
    if (rest[0] === type) there.add(rest[1]);
    addEventListener.apply(target, rest);
  };
  target.removeEventListener = (...rest: Parameters<EventTarget["removeEventListener"]>) => {
    if (rest[0] === type) there.delete(rest[1]);
    removeEventListener.apply(target, rest);
  };
  return () => there.size;
}
