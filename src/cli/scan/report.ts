/** What a scan prints: one small class for each form. */
import { isUtf8 } from "node:buffer";
import type { Output } from "./output.js";
import { pathBytes, type Room } from "./room.js";
import type { Tray } from "./tray.js";

const newline = 10;
const encoder = new TextEncoder();

/** Which form. */
export type Form = "lines" | "objects" | "counts" | "paths";

/** Takes the matches of one file after the other. */
export interface Report {
  /** Whether the lines of matches are wanted, or only where they are. */
  readonly lines: boolean;
  /** Whether one match of a file is enough. */
  readonly enough: boolean;
  /** The next matches are of this file. */
  begin(path: string): void;
  /** A match: its position, and the line's address and length in the room; `cut`: more of the line is there. */
  match(position: number, address: number, length: number, cut: boolean): void;
  /**
   * Prints all simple matches in the tray at or behind `from` and before `end`. Returns the place of the first other one, or
   * −1. See assembly/scan.ts.
   */
  print?(tray: Tray, from: number, end: number, maxLine: number, atLineBegin: boolean): number;
  /** The file is searched. */
  end(matches: number): void;
}

/** The report of this form. */
export function openReport(form: Form, json: boolean, room: Room, output: Output): Report {
  if (form === "lines") return new LineReport(output, room);
  if (form === "objects") return new JsonReport(output, room);
  return new FileReport(output, form, json);
}

/** `path:offset<TAB>line`. */
class LineReport implements Report {
  readonly lines = true;
  readonly enough = false;
  readonly #output: Output;
  readonly #room: Room;
  #path = "";
  /** The path and a colon as bytes; made by the file's first match, since most files have none. */
  #prefix: Uint8Array | undefined;

  constructor(output: Output, room: Room) {
    this.#output = output;
    this.#room = room;
  }

  begin(path: string): void {
    this.#path = path;
    this.#prefix = undefined;
  }

  print({ address, length, start }: Tray, from: number, end: number, maxLine: number, atLineBegin: boolean): number {
    const output = this.#output;
    const { exports, path, bytes } = this.#room;
    let place = from;
    if (this.#prefix === undefined) {
      place = exports.find(address, from, end);
      if (place < 0) {
        // The module's counts are those of its last call: of none.
        exports.countMatches(address, 0, 0);
        return place;
      }
      this.#prefix = encoder.encode(`${this.#path}:`);
      if (this.#prefix.length <= pathBytes) bytes.set(this.#prefix, path);
    }
    const prefixBytes = this.#prefix.length;
    const limit = prefixBytes <= pathBytes ? output.limit : 0;
    const line = atLineBegin ? 1 : 0;
    const other = exports.printLines(
      address,
      length,
      place,
      end,
      maxLine,
      line,
      start,
      path,
      prefixBytes,
      output.at,
      limit,
    );
    output.printed(exports.outputEnd.value);
    return other;
  }

  match(position: number, address: number, length: number): void {
    const output = this.#output;
    output.bytes(this.#prefix!);
    output.bytes(encoder.encode(`${position}\t`));
    output.resident(address, length);
    output.bytes(lineEnd);
    output.endLine();
  }

  end(): void {}
}

const lineEnd = Uint8Array.of(newline);

/** `path:count` of files with matches, or their paths alone; or objects with that. */
class FileReport implements Report {
  readonly lines = false;
  readonly enough: boolean;
  readonly #output: Output;
  readonly #form: Form;
  readonly #json: boolean;
  #path = "";

  constructor(output: Output, form: Form, json: boolean) {
    this.#output = output;
    this.#form = form;
    this.#json = json;
    this.enough = form === "paths";
  }

  begin(path: string): void {
    this.#path = path;
  }

  match(): void {}

  end(matches: number): void {
    const line = fileLine(this.#form, this.#json, this.#path, matches);
    if (line === undefined) return;
    this.#output.bytes(line);
    this.#output.endLine();
  }
}

/** What is printed behind a file in all; undefined for nothing. */
export function fileLine(form: Form, json: boolean, path: string, matches: number): Uint8Array | undefined {
  if (matches === 0 || form === "lines" || form === "objects") return undefined;
  const facts = form === "paths" ? { path } : { path, count: matches };
  const text = json ? JSON.stringify(facts) : form === "paths" ? path : `${path}:${matches}`;
  return encoder.encode(`${text}\n`);
}

/** An object a match. */
class JsonReport implements Report {
  readonly lines = true;
  readonly enough = false;
  readonly #output: Output;
  readonly #memory: Buffer;
  #path = "";

  constructor(output: Output, room: Room) {
    this.#output = output;
    this.#memory = Buffer.from(room.bytes.buffer);
  }

  begin(path: string): void {
    this.#path = path;
  }

  match(offset: number, address: number, length: number, cut: boolean): void {
    const line = this.#memory.subarray(address, address + length);
    const text = isUtf8(line) ? { line: line.toString("utf8") } : { lineBase64: line.toString("base64") };
    const facts = { path: this.#path, offset, ...text, ...(cut ? { cut } : {}) };
    this.#output.bytes(encoder.encode(`${JSON.stringify(facts)}\n`));
    this.#output.endLine();
  }

  end(): void {}
}
