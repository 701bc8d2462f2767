/**
 * Regular files of Deno.
 *
 * Copies: 0, the operating system reads straight into the ring.
 */
import { type DenoFileInfo, type DenoFiles, type DenoReadFile, denoFiles, denoName } from "../deno/host.js";
import { Fault, Unsupported } from "../fault.js";
import type { Source, SourceRecipe } from "./source.js";

/** How a file is read. */
export interface DenoFileSourceOptions {
  /**
   * `"refuse"` (default): the open file is asked for its size and time of change after every read, and a read after which
   * either differs from what they were at the first one fails with `source-changed` and gives nothing. Deno tells the time to
   * the millisecond: two changes within one show as one. Files that say they have 0 bytes, as those of `/proc` do, are not
   * asked. `"allow"`: what is there when it is read is given.
   */
  readonly changes?: "refuse" | "allow";
  /** Stands in for the global `Deno`. */
  readonly deno?: DenoFiles;
}

/**
 * A regular file by its path, opened by the first read; or an open `Deno.FsFile`, which is read from its first byte on
 * wherever it stands, moved while it is read, and not closed.
 *
 * Throws what Deno throws when there is none, and `unsupported` for what is no regular file: a read of a pipe or a terminal
 * cannot be given up in Deno, but its `readable` can, through `readableStreamSource` of `forebay/web`.
 */
export function denoFileSource(file: string | URL | DenoReadFile, options: DenoFileSourceOptions = {}): Source {
  const byPath = typeof file === "string" || file instanceof URL;
  const deno = byPath ? denoFiles(options.deno) : undefined;
  const info = byPath ? (deno as DenoFiles).statSync(file) : file.statSync();
  const name = denoName(file);
  if (!info.isFile) {
    throw new Unsupported(
      `${name} is no regular file: read its "readable" through readableStreamSource of forebay/web.`,
    );
  }
  if (options.changes === "refuse" && info.size === 0) {
    throw new Unsupported(`Changes of ${name} cannot be noticed: it has 0 bytes. Leave "changes" unset.`);
  }
  const checked = options.changes !== "allow" && info.size > 0;
  const source = new DenoFileSource(name, info.size, checked, byPath ? undefined : file, () =>
    (deno as DenoFiles).openSync(file as string | URL, { read: true }),
  );
  // An open file, or a stand-in for Deno, cannot be posted.
  if (byPath && options.deno === undefined) {
    const { changes } = options;
    source.recipe = {
      platform: "deno",
      adapter: "denoFileSource",
      arguments: [String(file), changes ? { changes } : {}],
      start: startDenoWorker,
    };
  }
  return source;
}

/** A worker that knows the sources of `forebay/deno`; see src/deno-worker.ts. */
function startDenoWorker(): unknown {
  const { Worker } = globalThis as unknown as { Worker: new (url: URL, options: object) => unknown };
  return new Worker(new URL("../deno-worker.js", import.meta.url), { type: "module", name: "forebay" });
}

class DenoFileSource implements Source {
  readonly name: string;
  readonly size: number;
  readonly seekable = true;
  readonly copies = 0;
  recipe: SourceRecipe | undefined;
  readonly #checked: boolean;
  readonly #open: () => DenoReadFile;
  readonly #given: boolean;
  #file: DenoReadFile | undefined;
  /** What the file was when its reading began. */
  #first: DenoFileInfo | undefined;
  /** Where the file stands; −1 where that is not known. */
  #at = -1;

  constructor(name: string, size: number, checked: boolean, file: DenoReadFile | undefined, open: () => DenoReadFile) {
    this.name = name;
    this.size = size;
    this.#checked = checked;
    this.#file = file;
    this.#given = file !== undefined;
    this.#open = open;
  }

  readSync(into: Uint8Array, position: number): number {
    const file = this.#fileAt(position);
    return this.#take(file, file.readSync(into), position);
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const file = this.#fileAt(position);
    return this.#take(file, await file.read(into), position);
  }

  /** The file, standing at `position`. To open and to move it waits for no device, so neither is worth a promise. */
  #fileAt(position: number): DenoReadFile {
    this.#file ??= this.#open();
    const file = this.#file;
    if (this.#checked) this.#first ??= file.statSync();
    if (this.#at !== position) file.seekSync(position, 0);
    // Until the read has answered, nobody knows.
    this.#at = -1;
    return file;
  }

  #take(file: DenoReadFile, answer: number | null, position: number): number {
    const bytes = answer ?? 0;
    this.#at = position + bytes;
    if (this.#first) this.#check(this.#first, file.statSync(), position);
    return bytes;
  }

  /** A write changes the time before it changes the content, so bytes that pass were there before any change. */
  #check(first: DenoFileInfo, now: DenoFileInfo, position: number): void {
    const [before, after] = [first.mtime?.getTime() ?? 0, now.mtime?.getTime() ?? 0];
    if (now.size === first.size && before === after) return;
    const changes: string[] = [];
    if (now.size !== first.size) changes.push(`its size went from ${first.size} to ${now.size} bytes`);
    if (before !== after) changes.push(`its time from ${first.mtime?.toISOString()} to ${now.mtime?.toISOString()}`);
    throw new Fault(
      "source-changed",
      `${this.name} changed while it was read, before byte ${position} was given: ${changes.join(", ")}. What came before can still be read; open it again for the rest.`,
      { position, sizeBefore: first.size, sizeNow: now.size, timeBefore: before, timeNow: after },
    );
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (!this.#given) file?.close();
  }
}
