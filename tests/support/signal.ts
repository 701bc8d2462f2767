/** Abort signals that tell who listens to them. */

/** A signal that is never aborted, and how many listeners it has now. */
export function countingSignal(): { readonly signal: AbortSignal; readonly listeners: () => number } {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal) as typeof signal.addEventListener;
  const remove = signal.removeEventListener.bind(signal) as typeof signal.removeEventListener;
  signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject, options?: unknown) => {
    listeners.add(listener);
    add(type, listener, options as AddEventListenerOptions);
  };
  signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
    listeners.delete(listener);
    remove(type, listener);
  };
  return { signal, listeners: () => listeners.size };
}
