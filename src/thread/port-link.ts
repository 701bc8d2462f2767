/** One end of a port: what it posts and hears, signs of life, and whether the other end still lives. */

/** How many signs of life a lease has. */
const beatsPerLease = 4;

/** An end of a MessagePort. */
export class PortLink<Out extends { readonly kind: string }, In extends { readonly kind: string }> {
  readonly #port: MessagePort;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #gone: () => void;
  #posted = false;
  /** Signs of life that were due and did not come. */
  #missed = 0;
  #open = true;

  /** `heard`: is told of every message but signs of life; `gone`: once, when the other end is no more. */
  constructor(port: MessagePort, lease: number, heard: (message: In) => void, gone: () => void) {
    this.#port = port;
    this.#gone = gone;
    port.onmessage = ({ data }: MessageEvent<In>) => {
      this.#missed = 0;
      if (this.#open && data?.kind !== "beat") heard(data);
    };
    // Node tells at once when the other end's thread is gone, and so do some browsers; the lease is for the rest.
    port.addEventListener("close", () => this.#lost());
    this.#timer = setInterval(() => this.#beat(), lease / beatsPerLease);
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** Counted in turns, not by the clock: a thread that was blocked for long hears what was posted meanwhile before the next one. */
  #beat(): void {
    if (!this.#posted) this.#port.postMessage({ kind: "beat" });
    this.#posted = false;
    if (this.#missed++ > beatsPerLease) this.#lost();
  }

  #lost(): void {
    if (!this.#open) return;
    this.#gone();
    this.close();
  }

  post(message: Out, transfer: Transferable[] = []): void {
    if (!this.#open) return;
    this.#posted = true;
    this.#port.postMessage(message, transfer);
  }

  /** Does not keep the program alive any more. */
  rest(): void {
    (this.#port as { unref?: () => void }).unref?.();
  }

  /** Posts nothing more and hears nothing more; what was posted arrives. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearInterval(this.#timer);
    this.#port.onmessage = null;
    this.#port.close();
  }
}
