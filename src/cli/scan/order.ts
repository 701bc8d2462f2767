/**
 * The order of what is printed: a list of tasks, each with what has come of it and may not be printed yet.
 *
 *     done ─▶ [ walk ] ─▶ [ piece 7 of a.log ] ─▶ [ piece 8 of a.log ] ─▶ [ walk ] ─▶ …
 *
 * Sorted, only the first task of the list prints, and the others wait. Otherwise walks print at once, and only the pieces of
 * a file wait for each other. Either way what comes of one file stays in its order.
 *
 * A match may begin in one piece and end in the next one, which was searched as if nothing came in front of it: where its
 * first match overlaps that one, the piece is searched anew from the match's end.
 */
import { type Form, fileLine } from "./report.js";
import type { PieceFacts, Setup, Task } from "./task.js";

/** What waits to be printed, or to be said of a file that could not be read. */
type Event =
  | { readonly lines: Uint8Array; readonly printed: () => void }
  | { readonly path: string; readonly error: unknown };

/** A file that is searched in pieces. */
interface BigFile {
  readonly path: string;
  /** Matches in the pieces that are printed, and the position behind the last of these. */
  matches: number;
  end: number;
  /** The piece that could not be read: what stands behind it does not count. */
  broken: Place | undefined;
  /** Pieces that are not printed. */
  left: number;
}

/** A place in the order. */
export interface Place {
  task: Task;
  readonly file: BigFile | undefined;
  state: "waiting" | "running" | "done";
  /** What waits. */
  held: Event[];
  facts: PieceFacts;
  previous: Place | undefined;
  next: Place | undefined;
}

/** Who prints. */
export interface Printer {
  print(lines: Uint8Array): void;
  complain(path: string, error: unknown): void;
  /** A file that was searched in pieces is done. */
  ended(matches: number): void;
}

const nothing: PieceFacts = { matches: 0, first: -1, end: -1 };

/** The list. */
export class Order {
  readonly #form: Form;
  readonly #json: boolean;
  readonly #sort: boolean;
  readonly #printer: Printer;
  #head: Place | undefined;
  #tail: Place | undefined;
  #waiting = 0;

  constructor({ form, json, sort }: Pick<Setup, "form" | "json" | "sort">, printer: Printer) {
    this.#form = form;
    this.#json = json;
    this.#sort = sort;
    this.#printer = printer;
  }

  /** Tasks that nobody does yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Bytes of pieces that nobody does yet. */
  get waitingBytes(): number {
    let bytes = 0;
    for (let place = this.#head; place; place = place.next) {
      const { state, task } = place;
      if (state === "waiting" && task.kind === "piece") bytes += task.end - task.begin;
    }
    return bytes;
  }

  /** Matches that are known and not counted: of files whose pieces are not all printed. */
  get uncounted(): number {
    let matches = 0;
    let file: BigFile | undefined;
    for (let place = this.#head; place; place = place.next) {
      if (place.file && place.file !== file) matches += place.file.matches;
      file = place.file;
      matches += place.facts.matches;
    }
    return matches;
  }

  /** Puts a task at the end, or right behind another one. */
  add(task: Task, behind: Place | undefined = this.#tail, file?: BigFile): Place {
    const next = behind ? behind.next : this.#head;
    const place: Place = { task, file, state: "waiting", held: [], facts: nothing, previous: behind, next };
    if (behind) behind.next = place;
    else this.#head = place;
    if (next) next.previous = place;
    else this.#tail = place;
    this.#waiting++;
    return place;
  }

  /**
   * Puts a file's pieces behind the task that met it, and behind these what is still to come of that task: returns its new
   * place.
   */
  addPieces(path: string, bytes: number, pieceBytes: number, met: Place): Place {
    const pieces = Math.ceil(bytes / pieceBytes);
    const file: BigFile = { path, matches: 0, end: -1, broken: undefined, left: pieces };
    let behind = met;
    for (let piece = 0; piece < pieces; piece++) {
      const begin = piece * pieceBytes;
      const end = Math.min(bytes, begin + pieceBytes);
      // What a file grows by while it is searched belongs to its last piece.
      const limit = piece === pieces - 1 ? Number.POSITIVE_INFINITY : end;
      behind = this.add({ kind: "piece", path, from: begin, limit, begin, end }, behind, file);
    }
    const rest = this.add(met.task, behind);
    this.#begin(rest);
    this.done(met, undefined);
    return rest;
  }

  /** The first task that nobody does yet; it is begun with. */
  take(): Place | undefined {
    if (this.#waiting === 0) return undefined;
    for (let place = this.#head; place; place = place.next) {
      if (place.state === "waiting") return this.#begin(place);
    }
    return undefined;
  }

  #begin(place: Place): Place {
    place.state = "running";
    this.#waiting--;
    return place;
  }

  /**
   * Lines that came of a task. `first`: the position of a piece's first match. `keep`: makes bytes that may be kept, of those
   * that have to wait. `printed` is called when they are not needed any more.
   */
  lines(place: Place, lines: Uint8Array, first: number, keep: (lines: Uint8Array) => Uint8Array, printed: () => void) {
    if (place.facts.first < 0) place.facts = { ...place.facts, first };
    if (this.#mayPrint(place)) this.#print(place, { lines, printed });
    else place.held.push({ lines: keep(lines), printed });
  }

  /** A complaint that came of a task. */
  complain(place: Place, path: string, error: unknown): void {
    if (this.#mayPrint(place)) this.#print(place, { path, error });
    else place.held.push({ path, error });
  }

  /** A task is done. `facts`: of a piece. */
  done(place: Place, facts: PieceFacts | undefined): void {
    place.state = "done";
    if (facts) place.facts = facts;
    if (place.file && this.#form === "paths" && place.facts.matches > 0) this.#leaveOut(place.file);
    this.#goOn(this.#firstOf(place));
  }

  /** Prints what may be printed from a place on, as far as it goes. */
  #goOn(from: Place): void {
    for (let place: Place | undefined = from; place && this.#mayPrint(place); place = place.next) {
      for (const event of place.held.splice(0)) this.#print(place, event);
      if (place.state !== "done" || !this.#settle(place)) return;
    }
  }

  /** The first piece of the same file: it may have been left out while it waited, and so be done by now. */
  #firstOf(place: Place): Place {
    let first = place;
    while (place.file && first.previous?.file === place.file) first = first.previous;
    return first;
  }

  /** Whether nothing that has to be printed before is missing. */
  #mayPrint(place: Place): boolean {
    if (this.#sort) return place === this.#head;
    return place.file === undefined || place.previous?.file !== place.file;
  }

  #print(place: Place, event: Event): void {
    const { file, facts } = place;
    if ("lines" in event) {
      if (!file || (file.broken === undefined && !isVain(file, facts))) this.#printer.print(event.lines);
      event.printed();
    } else if (file?.broken === undefined) {
      this.#printer.complain(event.path, event.error);
      if (!file) return;
      file.broken = place;
      this.#leaveOut(file);
    }
  }

  /** What came of a task is printed: it leaves the list; or has to be done anew, which is answered by false. */
  #settle(place: Place): boolean {
    const { file, facts, previous, next, task } = place;
    const behindFailure = file?.broken !== undefined && place !== file.broken;
    if (file && task.kind === "piece") {
      if (!behindFailure && isVain(file, facts)) {
        // It counts as searched already.
        place.task = { ...task, from: file.end, begin: task.end };
        place.facts = nothing;
        place.state = "waiting";
        this.#waiting++;
        return false;
      }
      this.#count(file, behindFailure ? nothing : facts);
    }
    if (previous) previous.next = next;
    else this.#head = next;
    if (next) next.previous = previous;
    else this.#tail = previous;
    return true;
  }

  #count(file: BigFile, { matches, end }: PieceFacts): void {
    file.matches += matches;
    file.end = Math.max(file.end, end);
    if (--file.left > 0) return;
    // One match is enough, and several pieces may have found one.
    const all = this.#form === "paths" ? Math.min(1, file.matches) : file.matches;
    const line = fileLine(this.#form, this.#json, file.path, all);
    if (line) this.#printer.print(line);
    this.#printer.ended(all);
  }

  /** Pieces that nobody has begun with are not wanted any more. */
  #leaveOut(file: BigFile): void {
    for (let place = this.#head; place; place = place.next) {
      if (place.file !== file || place.state !== "waiting") continue;
      place.state = "done";
      this.#waiting--;
    }
  }
}

/** Whether a piece was searched from within a match of the piece before. */
function isVain(file: BigFile, { first }: PieceFacts): boolean {
  return first >= 0 && first < file.end;
}
