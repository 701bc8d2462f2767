/** `forebay scan`: goes through the paths, has everything searched, and says what could not be. */
import { constants, fstatSync, openSync, type Stats, statSync, writeSync } from "node:fs";
import { availableParallelism } from "node:os";
import { reasonOf, systemCode } from "../complain.js";
import { status } from "../status.js";
import { isTerminal } from "../terminal.js";
import { milliseconds } from "./clock.js";
import { type Client, Crew } from "./crew.js";
import { Plan } from "./plan.js";
import type { ScanOptions } from "./options.js";
import type { Progress } from "./progress.js";
import type { Form } from "./report.js";
import { compileScan } from "./room.js";
import { longestLine, windowNeeded } from "./search.js";
import type { EntryKind, Setup, Stretch } from "./task.js";

/**
 * Bytes of the tray, all of which a long file goes through: the fewer, the more often it is read and looked at, which costs
 * some 10 µs; more than the processor's caches hold, and each byte comes from main memory twice.
 */
const trayBytes = 2 * 1024 * 1024;

/** Longest line shown. */
const lineBytes = 64 * 1024;

/** Runs the command and returns its exit status. */
export async function scan(literal: string, paths: readonly string[], options: ScanOptions): Promise<number> {
  const refusal = refuse(literal, options);
  if (refusal !== undefined) {
    console.error(`forebay: ${refusal}`);
    return status.error;
  }
  try {
    return await new Scan(literal, paths, options, await isTerminal(1), await openProgress(paths)).run();
  } catch (error) {
    // Whoever read the output has enough: nothing is wrong with the search.
    if (systemCode(error) === "EPIPE") return status.found;
    console.error(`forebay: ${reasonOf(error)}`);
    return status.error;
  }
}

/** Why the call cannot be served; undefined if it can. */
function refuse(literal: string, options: ScanOptions): string | undefined {
  const bytes = Buffer.byteLength(literal);
  if (bytes === 0) return "the literal is empty: there is nothing to look for";
  if (options.window !== undefined && options.window < bytes) {
    return `--window ${options.window}: it must hold the literal, which has ${bytes} bytes`;
  }
  if (Math.max(options.window ?? 0, options.maxLine ?? 0) > mostBytes)
    return `--window and --max-line go up to ${mostBytes} bytes`;
  return undefined;
}

/** A tray of this size, and what a line of this size needs, fit in what a linear memory can be. */
const mostBytes = 256 * 1024 * 1024;

/** What is known of a path that was named. */
type Named = EntryKind | { readonly error: unknown };

class Scan implements Client {
  readonly #paths: readonly string[];
  readonly #options: ScanOptions;
  readonly #plan: Plan;
  readonly #crew: Crew;
  readonly #progress: Progress | undefined;
  readonly #begun = milliseconds();
  readonly #outputIsTerminal: boolean;
  #failed = false;

  constructor(
    text: string,
    paths: readonly string[],
    options: ScanOptions,
    outputIsTerminal: boolean,
    progress: Progress | undefined,
  ) {
    const literal = new TextEncoder().encode(text);
    const { length } = literal;
    const wish = options.maxLine ?? lineBytes;
    const capacity = options.window ?? Math.max(trayBytes, windowNeeded(wish, length));
    const maxLine = longestLine(wish, capacity, length);
    const { threads, piece } = options;
    this.#plan = new Plan({
      threads,
      cores: availableParallelism(),
      pieceBytes: piece,
      capacity,
      maxLine,
      literalBytes: length,
    });
    const setup: Setup = {
      literal,
      form: formOf(options),
      json: options.json ?? false,
      capacity,
      maxLine,
      pieceBytes: this.#plan.pieceBytes,
      sort: options.sort ?? false,
      prompt: outputIsTerminal,
    };
    const module = compileScan();
    this.#paths = paths;
    this.#options = options;
    this.#outputIsTerminal = outputIsTerminal;
    this.#progress = progress;
    this.#crew = new Crew(module, setup, this.#plan, this, async () => {
      const { helperStarter } = await import("./helper.js");
      return helperStarter(module, setup);
    });
  }

  async run(): Promise<number> {
    process.once("SIGINT", () => this.#interrupt());
    for (let at = 0; at < this.#paths.length; ) at = await this.#some(at);
    this.#finish(this.#crew.standing);
    if (this.#failed) return status.error;
    return this.#crew.standing.matches > 0 ? status.found : status.absent;
  }

  /** Sees to paths from one on: to all that are files and folders, or to one that is not. Returns where to go on. */
  async #some(at: number): Promise<number> {
    const names: string[] = [];
    const kinds: EntryKind[] = [];
    for (; at + names.length < this.#paths.length; ) {
      const path = this.#paths[at + names.length]!;
      const kind = kindOf(path);
      if (kind === "file" || kind === "folder") {
        names.push(path);
        kinds.push(kind);
      } else if (names.length > 0) break;
      else {
        await this.#other(path, kind);
        return at + 1;
      }
    }
    await this.#walk({ prefix: "", names, kinds, system: undefined });
    return at + names.length;
  }

  async #walk(stretch: Stretch): Promise<void> {
    await this.#crew.walk([stretch]);
  }

  /** Standard input, or a pipe, FIFO, terminal or device; or what cannot be looked at. */
  async #other(path: string, kind: Named): Promise<void> {
    if (typeof kind === "object") return this.complain(path, kind.error);
    try {
      const file = path === "-" ? 0 : path;
      const stats = file === 0 ? fstatSync(0) : statSync(file);
      if ((file === 0 && stats.isFile()) || neverWaits(stats)) {
        const descriptor = file === 0 ? 0 : openSync(path, constants.O_RDONLY);
        return await this.#crew.alone((performer) => performer.descriptor(path, descriptor));
      }
      // Loaded where it is needed: it brings Node's modules for sockets and terminals with it.
      const { fileSource } = await import("../../source/node-file.js");
      const source = fileSource(file);
      await this.#crew.alone((performer) => performer.stream(path, source, new AbortController().signal));
    } catch (error) {
      if (systemCode(error) === "EPIPE") throw error;
      this.complain(path, error);
    }
  }

  print(lines: Uint8Array): void {
    if (this.#outputIsTerminal) this.#progress?.hide();
    for (let done = 0; done < lines.length; ) {
      try {
        done += writeSync(1, lines, done);
      } catch (error) {
        // A pipe that does not block is full: its reader needs a moment.
        if (systemCode(error) !== "EAGAIN") throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      }
    }
  }

  complain(path: string, error: unknown): void {
    this.#failed = true;
    this.#progress?.hide();
    console.error(`forebay: ${path}: ${reasonOf(error)}`);
  }

  ended(): void {}

  tick(): Promise<void> | undefined {
    return this.#progress?.tick(this.#crew.standing);
  }

  #finish({ files, bytes, matches }: { files: number; bytes: number; matches: number }): void {
    this.#progress?.hide();
    if (this.#options.explain) console.error(`forebay: ${this.#explain()}`);
    if (!this.#options.summary) return;
    const seconds = Math.round((milliseconds() - this.#begun) * 1000) / 1e6;
    console.error(JSON.stringify({ files, bytes, matches, seconds }));
  }

  #explain(): string {
    const { started } = this.#crew;
    const used = started === 0 ? "1 was enough: no other was worth its start" : `${started + 1} worked`;
    return `${this.#plan.reason}; ${used}`;
  }

  /** Ctrl-C: what was found so far is written, and that is all. */
  #interrupt(): never {
    try {
      this.#finish(this.#crew.interrupt());
    } finally {
      process.exit(status.interrupted);
    }
  }
}

function formOf(options: ScanOptions): Form {
  if (options.filesWithMatches) return "paths";
  if (options.count) return "counts";
  return options.json ? "objects" : "lines";
}

function kindOf(path: string): Named {
  if (path === "-") return "other";
  try {
    const stats = statSync(path);
    return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  } catch (error) {
    return { error };
  }
}

/** Whether reading never has to wait: of Linux's devices in memory (null, zero, random …) all but the kernel's log. */
function neverWaits(stats: Stats): boolean {
  if (process.platform !== "linux" || !stats.isCharacterDevice()) return false;
  return stats.rdev >> 8 === 1 && (stats.rdev & 0xff) !== 11;
}

/** The progress, where somebody sees it and does not type. Loaded only then: every module costs start-up. */
async function openProgress(paths: readonly string[]): Promise<Progress | undefined> {
  if (!(await isTerminal(2)) || (paths.includes("-") && (await isTerminal(0)))) return undefined;
  const { Progress } = await import("./progress.js");
  return new Progress(totalBytes(paths));
}

/** The bytes of the files named, where all are files; 0 otherwise. */
function totalBytes(paths: readonly string[]): number {
  let total = 0;
  for (const path of paths) {
    const stats = path === "-" ? undefined : statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) return 0;
    total += stats.size;
  }
  return total;
}
