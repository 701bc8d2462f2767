/** `forebay scan`: goes through the paths, has everything searched, and says what could not be. */
import { fstatSync, type Stats, statSync } from "node:fs";
import { Arena } from "../../arena.js";
import type { Fault } from "../../fault.js";
import { Literal } from "../../kernel/search.js";
import { fileSink } from "../../sink/node-file.js";
import type { Source } from "../../source/source.js";
import { reasonOf, systemCode } from "../complain.js";
import { status } from "../status.js";
import { isTerminal } from "../terminal.js";
import { Output } from "./output.js";
import { Pace } from "./pace.js";
import type { Progress } from "./progress.js";
import { RegularFile } from "./regular-file.js";
import { CountReport, JsonReport, LineReport, PathReport, type Report } from "./report.js";
import { Scanner } from "./scanner.js";
import { longestLine, Search, windowNeeded } from "./search.js";
import { Walk } from "./walk.js";

/** The options as commander hands them over. */
export interface ScanOptions {
  readonly count?: boolean;
  readonly filesWithMatches?: boolean;
  readonly threads?: number;
  readonly json?: boolean;
  readonly summary?: boolean;
  readonly window?: number;
  readonly maxLine?: number;
}

/**
 * Bytes of the ring, all of which a long file goes through: the more, the fewer system calls; more than the processor's
 * caches hold, and each byte comes from main memory twice.
 */
const ringBytes = 2 * 1024 * 1024;

/** Longest line shown. */
const lineBytes = 64 * 1024;

/** Room for what is not a ring: the literal, the output, and the arena's own tables. */
const spareBytes = 1024 * 1024;

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
  if ((options.threads ?? 1) > 1)
    return `-j ${options.threads}: there is only one thread for now; leave -j out, or say -j 1`;
  if (bytes === 0) return "the literal is empty: there is nothing to look for";
  if (options.window !== undefined && options.window < bytes) {
    return `--window ${options.window}: it must hold the literal, which has ${bytes} bytes`;
  }
  if (Math.max(options.window ?? 0, options.maxLine ?? 0) > mostBytes)
    return `--window and --max-line go up to ${mostBytes} bytes`;
  return undefined;
}

/** Two rings with margins of this size fit in what a linear memory can be. */
const mostBytes = 256 * 1024 * 1024;

class Scan {
  readonly #paths: readonly string[];
  readonly #summary: boolean;
  readonly #output: Output;
  readonly #report: Report;
  readonly #search: Search;
  readonly #scanner: Scanner;
  readonly #progress: Progress | undefined;
  readonly #pace = new Pace();
  readonly #begun = performance.now();
  readonly #outputIsTerminal: boolean;
  #files = 0;
  #matches = 0;
  #failed = false;

  constructor(
    text: string,
    paths: readonly string[],
    options: ScanOptions,
    outputIsTerminal: boolean,
    progress: Progress | undefined,
  ) {
    const literalBytes = Buffer.byteLength(text);
    const wish = options.maxLine ?? lineBytes;
    const capacity = options.window ?? Math.max(ringBytes, windowNeeded(wish, literalBytes));
    const maxLine = longestLine(wish, capacity, literalBytes);
    const maxWindow = windowNeeded(maxLine, literalBytes);
    // Address space that is not touched costs nothing: a second ring is there for pipes.
    const arena = Arena.createSync({ bytes: 2 * (capacity + maxWindow) + literalBytes + spareBytes });
    this.#paths = paths;
    this.#summary = options.summary ?? false;
    this.#output = new Output(arena, fileSink(1));
    this.#report = chooseReport(this.#output, arena, options);
    this.#search = new Search(
      new Literal(arena, text),
      this.#report.lines ? maxLine : undefined,
      (position, address, length, cut) => this.#report.match(position, address, length, cut),
    );
    this.#scanner = new Scanner(arena, this.#search, { capacity, maxWindow }, () => this.#rest());
    this.#outputIsTerminal = outputIsTerminal;
    this.#progress = progress;
    this.#output.beforeWrite = () => this.#outputIsTerminal && this.#progress?.hide();
  }

  async run(): Promise<number> {
    process.once("SIGINT", () => this.#interrupt());
    for (const path of this.#paths) {
      if (path === "-") await this.#other("-", 0);
      else await this.#path(path);
    }
    this.#scanner.close();
    this.#finish();
    if (this.#failed) return status.error;
    return this.#matches > 0 ? status.found : status.absent;
  }

  async #path(path: string): Promise<void> {
    let stats: Stats;
    try {
      stats = statSync(path);
    } catch (error) {
      return this.#complain(path, error);
    }
    if (stats.isDirectory()) return this.#folder(path);
    if (stats.isFile()) return this.#file(path, new RegularFile(path, false));
    return this.#other(path, path);
  }

  async #folder(folder: string): Promise<void> {
    const walk = new Walk(folder, (path, error) => this.#complain(path, error));
    for (let path = walk.next(); path !== undefined; path = walk.next()) {
      // Not awaited unless it is long: a promise for each small file would cost as much as opening it.
      const working = this.#file(path, new RegularFile(path, walk.cached));
      if (working) await working;
    }
  }

  /** A regular file. */
  #file(path: string, source: Source): Promise<void> | void {
    this.#report.begin(path);
    const fault = this.#scanner.file(source);
    if (fault instanceof Promise) return fault.then((late) => this.#end(path, late));
    this.#end(path, fault);
  }

  /** Standard input, or a pipe, FIFO, terminal or device: reading may have to wait. */
  async #other(path: string, file: string | number): Promise<void> {
    // Loaded where it is needed: it brings Node's modules for sockets and terminals with it.
    const { fileSource } = await import("../../source/node-file.js");
    try {
      const source = fileSource(file);
      if (file === 0 && fstatSync(0).isFile()) return await this.#file(path, source);
      this.#report.begin(path);
      // What was found is shown before somebody may keep us waiting.
      const fault = await this.#scanner.pipe(source, () => this.#output.flush());
      this.#end(path, fault);
    } catch (error) {
      if (systemCode(error) === "EPIPE") throw error;
      this.#complain(path, error);
    }
  }

  #end(path: string, fault: Fault | undefined): void {
    const { matches } = this.#search;
    this.#files++;
    this.#matches += matches;
    this.#report.end(matches);
    if (fault) this.#complain(path, fault);
    if (this.#outputIsTerminal) this.#output.flush();
  }

  #complain(path: string, error: unknown): void {
    this.#failed = true;
    this.#output.flush();
    this.#progress?.hide();
    console.error(`forebay: ${path}: ${reasonOf(error)}`);
  }

  /** Now and then: signals get through, and the progress is drawn. */
  #rest(): Promise<void> | undefined {
    if (!this.#pace.due()) return undefined;
    const standing = { files: this.#files, bytes: this.#scanner.bytes, matches: this.#matches + this.#search.matches };
    const drawing = this.#progress?.tick(standing);
    return drawing ? drawing.then(() => this.#pace.rest()) : this.#pace.rest();
  }

  #finish(): void {
    this.#output.flush();
    this.#progress?.hide();
    if (!this.#summary) return;
    const seconds = Math.round((performance.now() - this.#begun) * 1000) / 1e6;
    console.error(JSON.stringify({ files: this.#files, bytes: this.#scanner.bytes, matches: this.#matches, seconds }));
  }

  /** Ctrl-C: what was found so far is written, and that is all. */
  #interrupt(): never {
    this.#matches += this.#search.matches;
    try {
      this.#finish();
    } finally {
      process.exit(status.interrupted);
    }
  }
}

function chooseReport(output: Output, arena: Arena, options: ScanOptions): Report {
  const json = options.json ?? false;
  if (options.filesWithMatches) return new PathReport(output, json);
  if (options.count) return new CountReport(output, json);
  return json ? new JsonReport(output, arena.memory.buffer as ArrayBuffer) : new LineReport(output);
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
