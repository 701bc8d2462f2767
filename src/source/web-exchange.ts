/** One request and its answer: waited for with patience, but not for ever, and given up at any time. */

/** Something went wrong that another try may mend: the network failed, fell silent, or the server was not well. */
export class Passing extends Error {
  /** How long the server wants to be left alone, in milliseconds. */
  readonly pauseMs: number;

  constructor(message: string, cause?: unknown, pauseMs = 0) {
    super(message, cause === undefined ? undefined : { cause });
    this.pauseMs = pauseMs;
  }
}

/** An error's message and that of what caused it, which is where `fetch` says what happened. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ""
    ? `${error.message}: ${error.cause.message}`
    : error.message;
}

/**
 * One request. `answer` comes first, then `next` for every chunk; one call at a time. Each fails with a `Passing` where the
 * network does, or stays silent for `timeoutMs` milliseconds while somebody waits; and with the reason given to `cancel`.
 */
export class Exchange {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  #body: ReadableStream<Uint8Array> | null = null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #fail: ((reason: unknown) => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #awaited = true;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Sends it: `send` is `fetch`, and must pass the signal on. */
  async answer(send: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
    const response = await this.#wait("answer", () => send(this.#controller.signal));
    this.#body = response.body;
    return response;
  }

  /** The next bytes of the answer's body, in the chunk that the host made; undefined at its end. */
  async next(): Promise<Uint8Array | undefined> {
    this.#reader ??= this.#body?.getReader();
    const reader = this.#reader;
    if (!reader) return undefined;
    const { done, value } = await this.#wait("answer on", () => reader.read());
    return done ? undefined : value;
  }

  /** Whether somebody waits for it: silence counts only then. */
  set awaited(is: boolean) {
    if (this.#awaited === is) return;
    this.#awaited = is;
    if (!is) clearTimeout(this.#timer);
    else if (this.#fail) this.#listen("answer on");
  }

  /** Gives it up: what is waited for fails with `reason`, and the connection is let go. */
  cancel(reason: unknown): void {
    clearTimeout(this.#timer);
    this.#fail?.(reason);
    this.#controller.abort(reason);
    // The stream has failed by this already, where the host heeds the signal.
    (this.#reader ?? this.#body)?.cancel(reason).catch(() => {});
  }

  /** Waits for one thing. It is settled by `cancel` at once, even where the host does not heed its signal. */
  #wait<T>(what: string, doing: () => Promise<T>): Promise<T> {
    const { signal } = this.#controller;
    return new Promise<T>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const settle = () => {
        clearTimeout(this.#timer);
        this.#fail = undefined;
      };
      this.#fail = (reason) => {
        settle();
        reject(reason);
      };
      if (this.#awaited) this.#listen(what);
      doing().then(
        (value) => {
          if (signal.aborted) return;
          settle();
          resolve(value);
        },
        (error: unknown) => this.#fail?.(new Passing(reasonOf(error), error)),
      );
    });
  }

  /** Begins to count silence. */
  #listen(what: string): void {
    this.#timer = setTimeout(() => {
      this.cancel(new Passing(`the server did not ${what} for ${this.#timeoutMs} ms`));
    }, this.#timeoutMs);
  }
}
