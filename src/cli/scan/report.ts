/** What a scan prints: one small class for each form. */
import { isUtf8 } from "node:buffer";
import type { Output } from "./output.js";

const tab = 9;
const newline = 10;
const encoder = new TextEncoder();

/** Takes the matches of one file after the other. */
export interface Report {
  /** Whether the lines of matches are wanted, or only where they are. */
  readonly lines: boolean;
  /** The next matches are of this file. */
  begin(path: string): void;
  /** A match; see `OnMatch`. Returns false where the rest of the file is of no interest. */
  match(position: number, address: number, length: number, cut: boolean): boolean;
  /** The file is searched. */
  end(matches: number): void;
}

/** `path:offset<TAB>line`. */
export class LineReport implements Report {
  readonly lines = true;
  readonly #output: Output;
  #path = "";
  /** The path and a colon as bytes; made by the file's first match, since most files have none. */
  #prefix: Uint8Array | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  begin(path: string): void {
    this.#path = path;
    this.#prefix = undefined;
  }

  match(position: number, address: number, length: number): boolean {
    const output = this.#output;
    this.#prefix ??= encoder.encode(`${this.#path}:`);
    output.bytes(this.#prefix);
    output.ascii(String(position));
    output.byte(tab);
    output.resident(address, length);
    output.byte(newline);
    return true;
  }

  end(): void {}
}

/** `path:count` of files with matches, or an object with both. */
export class CountReport implements Report {
  readonly lines = false;
  readonly #output: Output;
  readonly #json: boolean;
  #path = "";

  constructor(output: Output, json: boolean) {
    this.#output = output;
    this.#json = json;
  }

  begin(path: string): void {
    this.#path = path;
  }

  match(): boolean {
    return true;
  }

  end(matches: number): void {
    if (matches === 0) return;
    if (this.#json) printObject(this.#output, { path: this.#path, count: matches });
    else this.#output.bytes(encoder.encode(`${this.#path}:${matches}\n`));
  }
}

/** The paths of files with matches, or objects with them. One match of a file is enough. */
export class PathReport implements Report {
  readonly lines = false;
  readonly #output: Output;
  readonly #json: boolean;
  #path = "";

  constructor(output: Output, json: boolean) {
    this.#output = output;
    this.#json = json;
  }

  begin(path: string): void {
    this.#path = path;
  }

  match(): boolean {
    return false;
  }

  end(matches: number): void {
    if (matches === 0) return;
    if (this.#json) printObject(this.#output, { path: this.#path });
    else this.#output.bytes(encoder.encode(`${this.#path}\n`));
  }
}

/** An object a match. */
export class JsonReport implements Report {
  readonly lines = true;
  readonly #output: Output;
  readonly #memory: Buffer;
  #path = "";

  /** `memory`: the linear memory that the lines lie in. */
  constructor(output: Output, memory: ArrayBuffer) {
    this.#output = output;
    this.#memory = Buffer.from(memory);
  }

  begin(path: string): void {
    this.#path = path;
  }

  match(offset: number, address: number, length: number, cut: boolean): boolean {
    const line = this.#memory.subarray(address, address + length);
    const text = isUtf8(line) ? { line: line.toString("utf8") } : { lineBase64: line.toString("base64") };
    printObject(this.#output, { path: this.#path, offset, ...text, ...(cut ? { cut } : {}) });
    return true;
  }

  end(): void {}
}

function printObject(output: Output, object: object): void {
  output.bytes(encoder.encode(`${JSON.stringify(object)}\n`));
}
