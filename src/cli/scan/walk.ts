/** Walking a folder: every regular file below it, as found, hidden ones too; symbolic links are not followed. */
import { type Dirent, readdirSync } from "node:fs";
import { mountPoints, realPath } from "./mounts.js";
import { readsThroughPageCache } from "./regular-file.js";

/** A folder that is being gone through. */
interface Level {
  /** Its path and the separator behind it. */
  readonly prefix: string;
  readonly entries: Dirent[];
  readonly cached: boolean;
  next: number;
}

/** Goes through a folder depth first. One call a file; folders that cannot be read are told and left out. */
export class Walk {
  /** Whether the file found last is read through the page cache. */
  cached = false;
  readonly #levels: Level[] = [];
  readonly #mounts = mountPoints();
  /** The begin of a path, and what stands there in its real path; undefined where that is not known. */
  readonly #root: { readonly given: number; readonly real: string } | undefined;
  readonly #onError: (path: string, error: unknown) => void;

  constructor(folder: string, onError: (path: string, error: unknown) => void) {
    this.#onError = onError;
    const real = realPath(folder);
    this.#root = real === undefined ? undefined : { given: withSlash(folder).length, real: withSlash(real) };
    this.#enter(folder, readsThroughPageCache(folder));
  }

  /** The path of the next regular file; undefined behind the last one. */
  next(): string | undefined {
    const levels = this.#levels;
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const entry = level.entries[level.next++];
      if (entry === undefined) levels.pop();
      else if (entry.isFile()) {
        this.cached = level.cached;
        return `${level.prefix}${entry.name}`;
      } else if (entry.isDirectory()) this.#enterBelow(level, `${level.prefix}${entry.name}`);
    }
    return undefined;
  }

  /** A folder is on the file system of the one around it, unless another one is mounted there. */
  #enterBelow(around: Level, folder: string): void {
    const root = this.#root;
    const known =
      root !== undefined && this.#mounts !== undefined && !this.#mounts.has(root.real + folder.slice(root.given));
    this.#enter(folder, known ? around.cached : readsThroughPageCache(folder));
  }

  #enter(folder: string, cached: boolean): void {
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      const prefix = withSlash(folder);
      this.#levels.push({ prefix, entries, cached, next: 0 });
    } catch (error) {
      this.#onError(folder, error);
    }
  }
}

function withSlash(folder: string): string {
  return folder.endsWith("/") ? folder : `${folder}/`;
}
