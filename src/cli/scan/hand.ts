/** A hand: does the tasks that it is sent on a thread beside the main one, and tells what comes of them. */
import { reasonOf } from "../complain.js";
import type { Desk } from "./desk.js";
import { type Host, Performer } from "./performer.js";
import type { News, Setup, Tally, Task } from "./task.js";
import type { Walk } from "./walk.js";

/** Sends news; what is transferred is gone here. */
export type Tell = (news: News, transfer: ArrayBuffer[]) => void;

export class Hand implements Host {
  readonly #desk: Desk;
  readonly #thread: number;
  readonly #send: Tell;
  readonly #performer: Performer;
  #told: Tally = { files: 0, bytes: 0, matches: 0 };

  /** `thread`: its number among the threads beside the main one. */
  constructor(module: WebAssembly.Module, setup: Setup, desk: Desk, thread: number, send: Tell) {
    this.#desk = desk;
    this.#thread = thread;
    this.#send = send;
    this.#performer = new Performer(module, setup, this);
    this.#tell({ kind: "ready" });
  }

  async perform(task: Task): Promise<void> {
    this.#desk.begin(this.#thread);
    const piece = await this.#performer.perform(task);
    this.#tell({ kind: "done", piece, tally: this.#tally() });
  }

  lines(lines: Uint8Array<ArrayBuffer>, first: number): void {
    const own = lines.slice();
    this.#desk.send(this.#thread, own.length);
    this.#tell({ kind: "lines", lines: own, first, tally: this.#tally() }, [own.buffer]);
  }

  complain(path: string, error: unknown): void {
    this.#tell({ kind: "complaint", path, reason: reasonOf(error), tally: this.#tally() });
  }

  big(path: string, bytes: number): void {
    this.#tell({ kind: "big", path, bytes, tally: this.#tally() });
  }

  /** Half of a long walk goes to whoever has nothing to do. */
  between(walk: Walk): undefined {
    if (this.#desk.idle === 0 || !walk.isWorthGiving || !this.#desk.claimIdle()) return;
    const stretches = walk.give();
    if (stretches) this.#tell({ kind: "given", task: { kind: "walk", stretches }, tally: this.#tally() });
  }

  /** There is nobody here who waits for a turn. */
  rest(): undefined {}

  #tell(news: News, transfer: ArrayBuffer[] = []): void {
    this.#send(news, transfer);
    this.#desk.sent();
  }

  /** What was done since it was told last. */
  #tally(): Tally {
    const { files, bytes, matches } = this.#performer;
    const told = this.#told;
    this.#told = { files, bytes, matches };
    return { files: files - told.files, bytes: bytes - told.bytes, matches: matches - told.matches };
  }
}
