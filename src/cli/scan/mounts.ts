/**
 * Where file systems are mounted: a folder that is no mount point is on the file system of the folder around it, so that a
 * walk need not ask for each.
 */
import { readFileSync, realpathSync } from "node:fs";

/** The folders, by their real paths, on which something is mounted; undefined where that is not known. */
export function mountPoints(): ReadonlySet<string> | undefined {
  try {
    // proc(5), mountinfo: the fifth field is the mount point, white space and backslashes in octal.
    const lines = readFileSync("/proc/self/mountinfo", "utf8").trimEnd().split("\n");
    return new Set(lines.map((line) => unescapeOctal(line.split(" ")[4] ?? "")));
  } catch {
    return undefined;
  }
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The real path of a folder; undefined where there is none. */
export function realPath(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}
