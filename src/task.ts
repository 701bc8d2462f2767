/** Giving the event loop a turn. */

/** Resolves in a later task, so that timers, input and other work get their turn before. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else if (typeof MessageChannel === "function") {
      // A timer would cost a browser some milliseconds; a message costs it none.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else setTimeout(resolve);
  });
}
