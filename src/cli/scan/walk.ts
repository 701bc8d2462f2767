/** Walking a folder: every regular file below it, as found, hidden ones too; symbolic links are not followed. */
import { type Dirent, readdirSync } from "node:fs";
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
  readonly #onError: (path: string, error: unknown) => void;

  constructor(folder: string, onError: (path: string, error: unknown) => void) {
    this.#onError = onError;
    this.#enter(folder);
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
      } else if (entry.isDirectory()) this.#enter(`${level.prefix}${entry.name}`);
    }
    return undefined;
  }

  #enter(folder: string): void {
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      const prefix = folder.endsWith("/") ? folder : `${folder}/`;
      this.#levels.push({ prefix, entries, cached: readsThroughPageCache(folder), next: 0 });
    } catch (error) {
      this.#onError(folder, error);
    }
  }
}
