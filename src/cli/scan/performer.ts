/** The performer: does tasks on the thread that it is on, and tells its host what comes of them. */
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import type { Source } from "../../source/source.js";
import { endsAt } from "./file-system.js";
import { Output } from "./output.js";
import { openReport, type Report } from "./report.js";
import { Room } from "./room.js";
import { Search } from "./search.js";
import type { PieceFacts, PieceTask, Setup, Task, WalkTask } from "./task.js";
import { Walk } from "./walk.js";

/** Who has something done: the main thread, or the one beside it that passes everything on. */
export interface Host {
  /** Whole lines, good during the call. `first`: of a piece, the position of its first match. */
  lines(lines: Uint8Array<ArrayBuffer>, first: number): void;
  complain(path: string, error: unknown): void;
  /** This file is to be searched in pieces. Whatever comes of this task later stands behind it. */
  big(path: string, bytes: number): void;
  /** Between two files of a walk, whose end may be given to somebody else. What it returns is waited for. */
  between(walk: Walk): Promise<void> | undefined;
  /** Between two reads of a long file. What it returns is waited for. */
  rest(): Promise<void> | undefined;
}

/** A file or piece that is being read. */
interface Job {
  readonly path: string;
  readonly descriptor: number;
  readonly cached: boolean;
  /** The piece that it is, or the whole of the file. */
  readonly piece: PieceTask | undefined;
}

/** Does tasks. */
export class Performer {
  /** All that was done here, but for files that were searched in pieces. */
  files = 0;
  bytes = 0;
  matches = 0;
  readonly #setup: Setup;
  readonly #host: Host;
  readonly #search: Search;
  readonly #output: Output;
  readonly #report: Report;

  constructor(module: WebAssembly.Module, setup: Setup, host: Host) {
    const room = new Room(module, setup.literal, setup.capacity);
    this.#setup = setup;
    this.#host = host;
    this.#output = new Output(room);
    this.#output.take = (lines) => host.lines(lines, this.#search.first);
    this.#report = openReport(setup.form, setup.json, room, this.#output);
    this.#search = new Search(room, setup.maxLine, this.#report);
  }

  /** Matches of what is being searched and not yet counted. */
  get pending(): number {
    return this.#search.matches;
  }

  /** Hands on what was found so far. */
  flush(): void {
    this.#output.flush();
  }

  /** Does a task. Returns what is known of a piece. */
  async perform(task: Task): Promise<PieceFacts | undefined> {
    if (task.kind === "piece") {
      await this.#piece(task);
      this.#output.flush();
      const { matches, first, end } = this.#search;
      this.#search.begin();
      return { matches, first, end };
    }
    await this.#walk(task);
    this.#output.flush();
    return undefined;
  }

  async #walk(task: WalkTask): Promise<void> {
    const walk = new Walk(task.stretches, this.#setup.sort, (path, error) => this.#complain(path, error));
    for (let path = walk.next(); path !== undefined; path = walk.next()) {
      // Not awaited unless it is long: a promise for each small file would cost as much as opening it.
      const working = this.#file(path, walk.cached);
      if (working) await working;
      const between = this.#host.between(walk);
      if (between) await between;
    }
  }

  /** A regular file. */
  #file(path: string, cached: boolean): Promise<void> | undefined {
    let descriptor: number;
    try {
      descriptor = openSync(path, constants.O_RDONLY);
    } catch (error) {
      this.files++;
      this.#complain(path, error);
      return undefined;
    }
    this.#report.begin(path);
    this.#search.begin();
    return this.#readOn({ path, descriptor, cached, piece: undefined });
  }

  /** What is left of a file or device that never has to wait, by its open descriptor. Standard input stays open. */
  async descriptor(path: string, descriptor: number): Promise<void> {
    this.#report.begin(path);
    this.#search.begin();
    await this.#readOn({ path, descriptor, cached: false, piece: undefined });
    this.#output.flush();
  }

  async #piece(piece: PieceTask): Promise<void> {
    const { path, from, limit } = piece;
    this.#report.begin(path);
    this.#search.beginPiece(from, limit);
    let descriptor: number;
    try {
      descriptor = openSync(path, constants.O_RDONLY);
    } catch (error) {
      return this.#complain(path, error);
    }
    await this.#readOn({ path, descriptor, cached: false, piece });
  }

  /** Reads and searches until it is done; or returns a promise of that where the host wants a rest. */
  #readOn(job: Job): Promise<void> | undefined {
    const { descriptor, cached, piece } = job;
    const search = this.#search;
    const { tray } = search;
    for (;;) {
      const asked = Math.min(tray.free, search.wanted);
      let read: number;
      try {
        read = tray.readSync(descriptor, asked, piece ? tray.end : null);
      } catch (error) {
        // What was read before it is searched to its end.
        search.look(true);
        this.#end(job, error);
        return undefined;
      }
      const last = read === 0 || (read < asked && endsAt(tray.end, cached));
      if (read === tray.end && piece === undefined && this.#isBig(job, read === asked)) return undefined;
      if (!search.look(last) || last) break;
      const resting = this.#host.rest();
      if (resting) return resting.then(() => this.#readOn(job));
    }
    this.#end(job, undefined);
    return undefined;
  }

  /**
   * Whether the file is so large that it is divided; then somebody else sees to it. Asked behind its first read; `full`: this
   * brought all that was asked for. Nothing is asked of the system about files that are smaller than the tray anyway.
   */
  #isBig({ path, descriptor }: Job, full: boolean): boolean {
    const { pieceBytes, capacity } = this.#setup;
    if (pieceBytes === 0 || descriptor === 0 || !(full || 2 * pieceBytes < capacity)) return false;
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size < 2 * pieceBytes) return false;
    closeSync(descriptor);
    this.#output.flush();
    this.#host.big(path, stats.size);
    return true;
  }

  /** Standard input, or a pipe, FIFO, terminal or device: reading may have to wait. */
  async stream(path: string, source: Source, signal: AbortSignal): Promise<void> {
    const search = this.#search;
    const { tray } = search;
    this.#report.begin(path);
    search.begin();
    let fault: unknown;
    for (let more = true; more; ) {
      // What was found is shown before somebody may keep us waiting.
      this.#output.flush();
      let read = 0;
      try {
        read = await source.read(tray.view(), tray.end, signal);
      } catch (error) {
        fault = error;
      }
      tray.filled(read);
      this.bytes += read;
      more = search.look(read === 0) && read > 0;
      await this.#host.rest();
    }
    await source.close?.();
    this.#ended(path, fault);
    this.#output.flush();
  }

  #end({ path, descriptor, piece }: Job, error: unknown): void {
    const { tray } = this.#search;
    if (descriptor !== 0) closeSync(descriptor);
    if (!piece) {
      this.bytes += tray.end;
      this.#ended(path, error);
      return;
    }
    this.bytes += Math.max(0, Math.min(tray.end, piece.end) - piece.begin);
    if (error !== undefined) this.#complain(path, error);
  }

  /** A whole file or stream is searched. */
  #ended(path: string, error: unknown): void {
    const { matches } = this.#search;
    this.files++;
    this.matches += matches;
    this.#report.end(matches);
    // They are counted.
    this.#search.begin();
    if (error !== undefined) this.#complain(path, error);
    if (this.#setup.prompt) this.#output.flush();
  }

  #complain(path: string, error: unknown): void {
    this.#output.flush();
    this.#host.complain(path, error);
  }
}
