/**
 * Walking: every regular file of some folders, hidden ones too; symbolic links are not followed. Each folder's entries come
 * in the order of their names' bytes.
 *
 * The end of a walk can be given away while it is under way, so that several threads share it: what is given comes behind all
 * that is left, and so the order of the whole is known.
 */
import { readdirSync } from "node:fs";
import { fileSystemOf, withSlash } from "./file-system.js";
import type { EntryKind, FileSystem, Stretch } from "./task.js";

/** What a walk must know of an entry: a part of Node's `Dirent`. */
interface Entry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
}

class NamedEntry implements Entry {
  readonly name: string;
  readonly #kind: EntryKind;

  constructor(name: string, kind: EntryKind) {
    this.name = name;
    this.#kind = kind;
  }

  isFile(): boolean {
    return this.#kind === "file";
  }

  isDirectory(): boolean {
    return this.#kind === "folder";
  }
}

/** A folder that is being gone through. */
interface Level {
  /** What stands in front of each name. */
  readonly prefix: string;
  readonly entries: Entry[];
  readonly system: FileSystem | undefined;
  next: number;
}

/** Goes through folders depth first. One call a file; folders that cannot be read are told and left out. */
export class Walk {
  /** Whether the file found last is read through the page cache. */
  cached = false;
  readonly #levels: Level[];
  readonly #sort: boolean;
  readonly #onError: (path: string, error: unknown) => void;

  constructor(stretches: readonly Stretch[], sort: boolean, onError: (path: string, error: unknown) => void) {
    this.#sort = sort;
    this.#onError = onError;
    this.#levels = stretches.map(levelOf).reverse();
  }

  /** The path of the next regular file; undefined behind the last one. */
  next(): string | undefined {
    const levels = this.#levels;
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      if (level.next === level.entries.length) {
        levels.pop();
        continue;
      }
      const entry = level.entries[level.next++]!;
      if (entry.isFile()) {
        this.cached = level.system?.cached === true;
        return level.prefix + entry.name;
      }
      if (entry.isDirectory()) this.#enter(level.prefix + entry.name, level.system);
    }
    return undefined;
  }

  /** How much of the walk is done, from 0 to 1, as far as that can be told: every entry of a folder is taken for as large. */
  get done(): number {
    let done = 0;
    let share = 1;
    for (const { next, entries } of this.#levels) {
      const { length } = entries;
      if (next === 0 || length === 0) continue;
      done += (share * (next - 1)) / length;
      share /= length;
    }
    return this.#levels.length === 0 ? 1 : done;
  }

  /** Whether `give` would give anything. */
  get isWorthGiving(): boolean {
    return this.#levels.some(isWorthDividing);
  }

  /** Gives about half of what is left away: its end, in its order. Undefined where that is not worth it. */
  give(): Stretch[] | undefined {
    const levels = this.#levels;
    // The outermost folders have most below them: the first level with enough left is divided, and those around it go whole.
    const divided = levels.findIndex(isWorthDividing);
    if (divided < 0) return undefined;
    const level = levels[divided]!;
    const rest = level.entries.length - level.next;
    const given = [
      stretchOf(level, level.next + (rest >> 1)),
      ...levels
        .slice(0, divided)
        .reverse()
        .map((around) => stretchOf(around, around.next)),
    ];
    levels.splice(0, divided);
    return given.filter(({ names }) => names.length > 0);
  }

  /** A folder is on the file system of the one around it, unless another one is mounted there. */
  #enter(folder: string, around: FileSystem | undefined): void {
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      if (this.#sort) entries.sort(byName);
      const known = around?.mounts !== undefined && !around.mounts.includes(folder);
      const system = known ? around : fileSystemOf(folder);
      this.#levels.push({ prefix: withSlash(folder), entries, system, next: 0 });
    } catch (error) {
      this.#onError(folder, error);
    }
  }
}

/** Nobody is asked for help with less than this many files: they are done before he has begun. */
const leastGiven = 16;

/** How many files a folder is reckoned as. */
const folderFiles = 8;

/** Whether what is left of a level has enough below it that its half is worth another thread's while. */
function isWorthDividing({ entries, next }: Level): boolean {
  let files = 0;
  if (entries.length - next < 2) return false;
  for (let i = next; i < entries.length && files < 2 * leastGiven; i++) {
    files += entries[i]!.isDirectory() ? folderFiles : 1;
  }
  return files >= 2 * leastGiven;
}

/** A level's entries from one on, taken out of it. */
function stretchOf(level: Level, from: number): Stretch {
  const entries = level.entries.splice(from);
  return {
    prefix: level.prefix,
    names: entries.map(({ name }) => name),
    kinds: entries.map((entry) => (entry.isDirectory() ? "folder" : entry.isFile() ? "file" : "other")),
    system: level.system,
  };
}

function levelOf({ prefix, names, kinds, system }: Stretch): Level {
  return { prefix, entries: names.map((name, i) => new NamedEntry(name, kinds[i]!)), system, next: 0 };
}

/** In the order of code units, which no locale changes. */
function byName(a: Entry, b: Entry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
