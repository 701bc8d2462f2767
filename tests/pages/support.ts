/** What the tests of pages share: a source that counts and can be made to misbehave, and looking at answers. */
import { type Element, Fault, type Source } from "../../src/index.js";
import { turns } from "../flow/support.js";
import type { PagesAnswer, PageWindow } from "../../src/pages.js";

/** How the source below behaves. */
export interface Behaviour {
  /** Bytes of one answer at most, in turn. Default: as many as are asked for. */
  readonly chunks?: readonly number[];
  /** Turns of the event loop until an answer, in turn; −1: at once, without a promise. Default −1. */
  readonly delays?: readonly number[];
  /** What it says that it has. Default: what it has; null: nothing. */
  readonly size?: number | null;
  readonly parallel?: number;
  /** Whether it can be read synchronously. Default false. */
  readonly sync?: boolean;
  readonly immediate?: boolean;
  readonly granularity?: number;
}

/** One call of a source. */
export interface Call {
  readonly position: number;
  readonly asked: number;
  readonly answered: number;
}

/** A seekable source over `content`, which may be changed while it is read. */
export class CountingSource implements Source {
  readonly name = "the counting source";
  readonly seekable = true;
  readonly size: number | undefined;
  readonly parallel: number;
  readonly granularity: number;
  readonly immediate: boolean;
  readonly readSync?: (into: Uint8Array, position: number) => number;
  readonly calls: Call[] = [];
  /** How often each byte was given. */
  given: Uint8Array;
  /** A byte that cannot be read, as long as it stands here. */
  readonly broken = new Map<number, Error>();
  /** Reads under way now and at most. */
  underWay = 0;
  mostUnderWay = 0;
  closed = 0;
  content: Uint8Array;
  readonly #behaviour: Behaviour;
  #turn = 0;

  constructor(content: Uint8Array, behaviour: Behaviour = {}) {
    this.content = content;
    this.given = new Uint8Array(content.length);
    this.#behaviour = behaviour;
    this.size = behaviour.size === null ? undefined : (behaviour.size ?? content.length);
    this.parallel = behaviour.parallel ?? 1;
    this.granularity = behaviour.granularity ?? 1;
    this.immediate = behaviour.immediate ?? false;
    if (behaviour.sync) this.readSync = (into, position) => this.#answer(into, position);
  }

  read(into: Uint8Array, position: number): number | Promise<number> {
    const { delays = [-1] } = this.#behaviour;
    const delay = delays[this.#turn % delays.length] as number;
    if (delay < 0) return this.#answer(into, position);
    this.underWay++;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    return this.#later(into, position, delay);
  }

  async #later(into: Uint8Array, position: number, delay: number): Promise<number> {
    await turns(delay);
    this.underWay--;
    return this.#answer(into, position);
  }

  #answer(into: Uint8Array, position: number): number {
    const { chunks } = this.#behaviour;
    const chunk = chunks ? (chunks[this.#turn % chunks.length] as number) : into.length;
    this.#turn++;
    let length = Math.max(0, Math.min(into.length, chunk, this.content.length - position));
    for (const [byte, error] of this.broken) {
      if (byte === position) throw error;
      if (byte > position) length = Math.min(length, byte - position);
    }
    into.set(this.content.subarray(position, position + length));
    for (let at = position; at < position + length; at++) this.given[at] = (this.given[at] as number) + 1;
    this.calls.push({ position, asked: into.length, answered: length });
    return length;
  }

  close(): void {
    this.closed++;
  }
}

/** The window of an answer that has one. */
export function windowOf<E extends Element>(answer: PagesAnswer<E>): PageWindow<E> {
  if ("window" in answer) return answer.window;
  if (answer.state === "failed") throw answer.fault;
  throw new Error(`wanted a window, got ${answer.state}`);
}

/** The fault of an answer, which must have failed. */
export function faultOf<E extends Element>(answer: PagesAnswer<E>): Fault {
  if (answer.state === "failed" && answer.fault instanceof Fault) return answer.fault;
  throw new Error(`wanted a fault, got ${answer.state}`);
}

/** What an answer shows; its window is released. */
export function shown<E extends Element>(answer: PagesAnswer<E>): number[] {
  const window = windowOf(answer);
  const content = [...window.data];
  window.release();
  return content;
}

/** Whether two runs of numbers are the same: quicker than asking it of every single number. */
export function same(one: ArrayLike<number>, two: ArrayLike<number>): boolean {
  if (one.length !== two.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== two[at]) return false;
  return true;
}
