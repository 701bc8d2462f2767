/** What one thread asks another to do: plain data, since it is posted. */
import type { Form } from "./report.js";

/** What a folder's entry is. Others, such as symbolic links, are left out. */
export type EntryKind = "file" | "folder" | "other";

/** Some of a folder's entries, in their order. */
export interface Stretch {
  /** What stands in front of each name. */
  readonly prefix: string;
  readonly names: readonly string[];
  /** What each of them is. */
  readonly kinds: readonly EntryKind[];
  /** What is known of the file system that they are on; nothing of paths that the user named. */
  readonly system: FileSystem | undefined;
}

/** A file system with a folder that is being gone through. */
export interface FileSystem {
  /** Whether its files are read through the page cache. */
  readonly cached: boolean;
  /** The folders below on which another one is mounted; undefined where that is not known. */
  readonly mounts: readonly string[] | undefined;
}

/** Folders and files to go through, in this order. */
export interface WalkTask {
  readonly kind: "walk";
  readonly stretches: readonly Stretch[];
}

/** A piece of a file: all matches that begin in it. */
export interface PieceTask {
  readonly kind: "piece";
  readonly path: string;
  /** Matches that begin at or behind here count, and… */
  readonly from: number;
  /** …before here; infinity in the last piece, since a file may grow. */
  readonly limit: number;
  /** Where the piece begins, and its end as far as is known: what is counted as searched. */
  readonly begin: number;
  readonly end: number;
}

export type Task = WalkTask | PieceTask;

/** What a thread has to know for all of its tasks. */
export interface Setup {
  readonly literal: Uint8Array;
  readonly form: Form;
  readonly json: boolean;
  /** Bytes of the tray, and of the longest line that is shown. */
  readonly capacity: number;
  readonly maxLine: number;
  /** Files of twice as much or more are divided into pieces of this many bytes; 0: none is. */
  readonly pieceBytes: number;
  /** Whether entries come in the order of their names, whatever the system's. */
  readonly sort: boolean;
  /** Whether somebody watches the output: then every file's is shown at once. */
  readonly prompt: boolean;
}

/** What was done since it was told last. */
export interface Tally {
  files: number;
  bytes: number;
  matches: number;
}

/** What a piece's searcher knows of its matches. */
export interface PieceFacts {
  /** Matches, the position of the first one, and the one behind the last one; −1 where there are none. */
  readonly matches: number;
  readonly first: number;
  readonly end: number;
}

/** What a thread tells of its work, in the order in which it happened. */
export type News =
  | { readonly kind: "ready" }
  /** Whole lines. `first`: of a piece, the position of its first match. */
  | { readonly kind: "lines"; readonly lines: Uint8Array<ArrayBuffer>; readonly first: number; readonly tally: Tally }
  | { readonly kind: "complaint"; readonly path: string; readonly reason: string; readonly tally: Tally }
  /** A file that is to be searched in pieces; what comes next in this task stands behind it. */
  | { readonly kind: "big"; readonly path: string; readonly bytes: number; readonly tally: Tally }
  /** The end of this task, for a thread that has nothing to do. */
  | { readonly kind: "given"; readonly task: WalkTask; readonly tally: Tally }
  | { readonly kind: "done"; readonly piece: PieceFacts | undefined; readonly tally: Tally };
