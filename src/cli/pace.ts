/** Work that is done at once leaves no room for Ctrl-C and for drawing: it stops for them now and then. */

/** Work goes on for so long before others have their turn. */
const patienceMs = 40;

/** Asks for nothing most of the time. */
export class Pace {
  #last = performance.now();

  /** Resolves once others had their turn, if that is due. */
  turn(): Promise<void> | undefined {
    if (performance.now() - this.#last < patienceMs) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#last = performance.now();
        resolve();
      });
    });
  }
}
