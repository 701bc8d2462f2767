/** What a scan prints of the matches. */
import { isUtf8, jsonBase64, jsonString } from "./json";
import { byte, bytes, text, whole } from "./output";

/** The forms. */
export namespace Form {
  /** `path:offset<TAB>line` of every match. */
  export const LINES: u32 = 0;
  /** `path:count` of files with matches. */
  export const COUNTS: u32 = 1;
  /** The paths of files with matches: one match of a file is enough. */
  export const PATHS: u32 = 2;
}

const NEWLINE: u32 = 10;
const TAB: u32 = 9;
const COLON: u32 = 58;

let form: u32 = Form.LINES;
let json: bool = false;

/** The path of the file that is searched. */
let path: usize = 0;
let pathLength: usize = 0;

export function makeReport(as: u32, objects: bool): void {
  form = as;
  json = objects;
}

/** The next matches are of this file; its path stays where it is until `endFile`. */
export function beginFile(at: usize, length: usize): void {
  path = at;
  pathLength = length;
}

/** A match at a position, with its line. Returns false where the rest of the file is of no interest. */
export function match(position: u64, line: usize, length: usize, cut: bool): bool {
  if (form != Form.LINES) return form != Form.PATHS;
  if (json) printObject(position, line, length, cut);
  else {
    bytes(path, pathLength);
    byte(COLON);
    whole(position);
    byte(TAB);
    bytes(line, length);
  }
  byte(NEWLINE);
  return true;
}

function printObject(position: u64, line: usize, length: usize, cut: bool): void {
  beginObject();
  text(',"offset":');
  whole(position);
  if (isUtf8(line, length)) {
    text(',"line":');
    jsonString(line, length);
  } else {
    text(',"lineBase64":');
    jsonBase64(line, length);
  }
  text(cut ? ',"cut":true}' : "}");
}

function beginObject(): void {
  text('{"path":');
  jsonString(path, pathLength);
}

/** The file is searched. */
export function endFile(matches: u64): void {
  if (matches == 0 || form == Form.LINES) return;
  if (json) {
    beginObject();
    if (form == Form.COUNTS) {
      text(',"count":');
      whole(matches);
    }
    text("}\n");
    return;
  }
  bytes(path, pathLength);
  if (form == Form.COUNTS) {
    byte(COLON);
    whole(matches);
  }
  byte(NEWLINE);
}
