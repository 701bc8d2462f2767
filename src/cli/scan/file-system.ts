/**
 * What is known of the file system that a folder is on.
 *
 * One in four of a small file's system calls would be the read that says no more than that the file has ended. Where the file
 * lies on a file system that reads through the page cache, the first read has said so already: such a read stops early at the
 * file's end, or at a page that cannot be had (a bad disk) – and that is a page's boundary. So a short read that ends off a
 * boundary is the file's last one. Everywhere else (/proc, /sys, FUSE, the network) only a read of 0 is the end.
 *
 * A folder that is no mount point is on the file system of the folder around it, so that a walk need not ask for each.
 */
import { readFileSync, realpathSync, statfsSync } from "node:fs";
import type { FileSystem } from "./task.js";

/** The smallest page there is; boundaries of larger ones are boundaries of it. */
const pageBytes = 4096;

/** Linux's numbers of file systems whose reads go through the page cache: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs. */
const cachedSystems: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x01021994]);

/** The file system of a folder. */
export function fileSystemOf(folder: string): FileSystem {
  if (process.platform !== "linux") return { cached: false, mounts: [] };
  try {
    return { cached: cachedSystems.has(statfsSync(folder).type), mounts: mountsBelow(folder) };
  } catch {
    return { cached: false, mounts: undefined };
  }
}

/** Whether a read of fewer bytes than asked for, which ended at `position`, was a file's last one. */
export function endsAt(position: number, cached: boolean): boolean {
  return cached && position % pageBytes !== 0;
}

/** The folders below this one, by the paths that a walk from here gives them, on which something is mounted. */
function mountsBelow(folder: string): readonly string[] {
  const real = withSlash(realpathSync(folder));
  // proc(5), mountinfo: the fifth field is the mount point, white space and backslashes in octal.
  const lines = readFileSync("/proc/self/mountinfo", "utf8").trimEnd().split("\n");
  return lines
    .map((line) => unescapeOctal(line.split(" ")[4] ?? ""))
    .filter((mount) => mount.startsWith(real))
    .map((mount) => withSlash(folder) + mount.slice(real.length));
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

export function withSlash(folder: string): string {
  return folder.endsWith("/") ? folder : `${folder}/`;
}
