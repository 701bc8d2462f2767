/**
 * Paths: which of the directories that the host opened for the command (its preopens) a path lies in.
 *
 * A relative path lies in the directory that is called "." or in one that its begin names; where there is neither, the host's
 * "/" is where it begins, as for programs compiled with wasi-libc.
 */
import { Errno } from "./errno";
import { fd_prestat_dir_name, fd_prestat_get, path_filestat_get, path_open } from "./host";
import { take } from "./room";

/** Most preopens that are looked at, and bytes of their names. */
const MOST: u32 = 64;
const NAME_BYTES: u32 = 64 * 1024;

/** What `makePreopens` takes of the arena. */
export const PREOPEN_BYTES: u32 = MOST * 8 + NAME_BYTES;

/** The first descriptor that may be a preopen. */
const FIRST: u32 = 3;

const FOLLOW: u32 = 1;

/** Reading, seeking, telling, polling and reading folders; opening and asking about what lies in them. */
const RIGHTS: u64 = (1 << 1) | (1 << 2) | (1 << 5) | (1 << 13) | (1 << 14) | (1 << 18) | (1 << 21) | (u64(1) << 27);

const answer = memory.data(72, 8);
const here = memory.data<u8>([46]); // "."

/** For each preopen its name's address and length. */
let names: usize = 0;
let count: u32 = 0;

/** Where the path looked up last lies: the preopen, and the path from there. */
let folder: u32 = 0;
let rest: usize = 0;
let restLength: usize = 0;

/** Asks the host for its preopens. */
export function makePreopens(): void {
  names = take(MOST * 8);
  let at = take(NAME_BYTES);
  const end = at + NAME_BYTES;
  for (count = 0; count < MOST; count++) {
    if (fd_prestat_get(FIRST + count, answer) != 0) return;
    const length: usize = load<u32>(answer, 4);
    if (length > end - at || fd_prestat_dir_name(FIRST + count, at, length) != 0) return;
    let begin = at;
    let stop = at + length;
    // "." and "./" are the same folder, and a slash at the end says nothing; some hosts count a zero at the end.
    while (stop > begin && load<u8>(stop - 1) == 0) stop--;
    while (stop > begin + 1 && load<u8>(stop - 1) == 47) stop--;
    begin = withoutDots(begin, stop);
    store<u32>(names + 8 * count, u32(begin));
    store<u32>(names + 8 * count, u32(stop - begin), 4);
    at += length;
  }
}

/** The address behind every "./" at the begin of a path, and behind a "." that is all of it. */
function withoutDots(begin: usize, end: usize): usize {
  while (begin < end && load<u8>(begin) == 46 && (begin + 1 == end || load<u8>(begin, 1) == 47)) {
    begin++;
    while (begin < end && load<u8>(begin) == 47) begin++;
  }
  return begin;
}

/** Finds the preopen of a path: the one with the longest name. Answers whether there is one. */
function lookUp(path: usize, length: usize): bool {
  const absolute = length > 0 && load<u8>(path) == 47;
  const end = path + length;
  const begin = absolute ? path : withoutDots(path, end);
  let longest: i32 = -1;
  for (let i: u32 = 0; i < count; i++) {
    const name: usize = load<u32>(names + 8 * i);
    const nameLength: usize = load<u32>(names + 8 * i, 4);
    const root = nameLength == 1 && load<u8>(name) == 47;
    // Below every other preopen, for relative paths.
    const rank = !absolute && root ? 0 : i32(nameLength) + 1;
    if (rank <= longest || !(root || isBelow(begin, end, name, nameLength))) continue;
    longest = rank;
    folder = FIRST + i;
    rest = root ? begin : begin + nameLength;
  }
  if (longest < 0) return false;
  while (rest < end && load<u8>(rest) == 47) rest++;
  restLength = end - rest;
  if (restLength == 0) {
    rest = here;
    restLength = 1;
  }
  return true;
}

/** Whether a path is a folder or lies in it; everything lies in the folder without a name. */
function isBelow(begin: usize, end: usize, name: usize, nameLength: usize): bool {
  if (nameLength == 0) return begin == end || load<u8>(begin) != 47;
  if (end - begin < nameLength || memory.compare(begin, name, nameLength) != 0) return false;
  return end - begin == nameLength || load<u8>(begin + nameLength) == 47;
}

/**
 * The kind of a path's file; `follow`: of where a symbolic link leads to. An error number below 0 where there is none.
 */
export function typeOf(path: usize, length: usize, follow: bool): i32 {
  if (!lookUp(path, length)) return -Errno.NOTCAPABLE;
  const errno = path_filestat_get(folder, follow ? FOLLOW : 0, rest, restLength, answer);
  return errno != 0 ? -errno : i32(load<u8>(answer, 16));
}

/** Opens a path for reading. Its descriptor, or an error number below 0. */
export function open(path: usize, length: usize, follow: bool): i32 {
  if (!lookUp(path, length)) return -Errno.NOTCAPABLE;
  const errno = path_open(folder, follow ? FOLLOW : 0, rest, restLength, 0, RIGHTS, RIGHTS, 0, answer);
  return errno != 0 ? -errno : i32(load<u32>(answer));
}
