/** An answer that whoever waits for it hears of in the very call that brings it. */

/**
 * A promise of bytes that can do without a promise's turn: who calls `hear` is told in the call of `land` or `fail`. A source
 * that answers with one has its bytes looked at in the event that brought them, while they are in the processor's cache.
 * Whoever awaits it finds a promise.
 */
export class Landing implements PromiseLike<number> {
  #onLanded: ((bytes: number) => void) | undefined;
  #onFailed: ((reason: unknown) => void) | undefined;
  /** Bytes that came before anybody listened; −1 for none yet. */
  #bytes = -1;
  #failure: { readonly reason: unknown } | undefined;

  /** Answers; once. */
  land(bytes: number): void {
    if (this.#onLanded === undefined) this.#bytes = bytes;
    else this.#onLanded(bytes);
  }

  /** Answers with an error; once. */
  fail(reason: unknown): void {
    if (this.#onFailed === undefined) this.#failure = { reason };
    else this.#onFailed(reason);
  }

  /** As `then`, for one listener, without making an answer of theirs. They throw nothing. */
  hear(onLanded: (bytes: number) => void, onFailed: (reason: unknown) => void): void {
    this.#onLanded = onLanded;
    this.#onFailed = onFailed;
    if (this.#failure !== undefined) onFailed(this.#failure.reason);
    else if (this.#bytes >= 0) onLanded(this.#bytes);
  }

  // biome-ignore lint/suspicious/noThenProperty: a source's answer is a number or a thenable.
  then<A = number, B = never>(
    onLanded?: ((bytes: number) => A | PromiseLike<A>) | null,
    onFailed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const heard = new Promise<number>((resolve, reject) => this.hear(resolve, reject));
    return heard.then(onLanded, onFailed);
  }
}
