/**
 * Walking a folder: every regular file below it, hidden ones too; symbolic links are not followed. Folders come in the order of
 * their names' bytes, which is the order that Node reads them in, whatever the host's is.
 *
 * A folder's entries lie on the stack while it is walked: the records as read, and a list of their addresses, which is sorted.
 *
 *     ┌──────────────────────────────┬─────┬─────────────────────────────┐
 *     │ type u32 · length u32 · name │ …   │ address u32 · address u32 … │
 *     └──────────────────────────────┴─────┴─────────────────────────────┘
 */
import { Errno } from "./errno";
import { FileType, fd_close, fd_readdir } from "./host";
import { open, typeOf } from "./path";
import { popTo, push, stackTop, take } from "./room";
import { complain, scanFile } from "./scan";

/** Bytes of entries asked for at once. No name is as long. */
const BUFFER: u32 = 64 * 1024;

/** The longest path that is walked. */
const PATH: u32 = 64 * 1024;

/** What `makeWalk` takes of the arena. */
export const WALK_BYTES: u32 = BUFFER + PATH;

/** What `fd_readdir` puts in front of a name: its cookie, inode, length and type. */
const HEAD: u32 = 24;
const HEAD_LENGTH: usize = 16;
const HEAD_TYPE: usize = 20;

const RECORD_TYPE: usize = 0;
const RECORD_LENGTH: usize = 4;
const RECORD_NAME: usize = 8;

const used = memory.data(8, 8);

let buffer: usize = 0;
/** The path of what is being looked at; what is open shares its begin. */
let path: usize = 0;

export function makeWalk(): void {
  buffer = take(BUFFER);
  path = take(PATH);
}

/** Scans every file below a folder. */
export function walk(folder: usize, length: u32): void {
  if (length > PATH) return complain(folder, length, Errno.NAMETOOLONG);
  memory.copy(path, folder, length);
  walkBelow(length);
}

/** As `walk`, of the folder whose path has been put together. */
function walkBelow(length: u32): void {
  const before = stackTop();
  const count = readFolder(length);
  if (count < 0) complain(path, length, -count);
  else if (count > 0) {
    const list = push(4 * u32(count));
    listRecords(before, list, count);
    sort(list, count);
    for (let i = 0; i < count; i++) visit(load<u32>(list + 4 * i), length);
  }
  popTo(before);
}

/** Puts the entries of the folder on the stack. Answers how many there are, or an error number below 0. */
function readFolder(length: u32): i32 {
  const descriptor = open(path, length, true);
  if (descriptor < 0) return descriptor;
  let count = 0;
  let cookie: u64 = 0;
  for (;;) {
    const errno = fd_readdir(descriptor, buffer, BUFFER, cookie, used);
    if (errno != 0) {
      fd_close(descriptor);
      return -errno;
    }
    const end = buffer + min(load<u32>(used), BUFFER);
    let at = buffer;
    // The last entry may be cut off. Only an answer without any whole one is the end: Bun's may be shorter than the buffer.
    while (end - at >= HEAD && end - at - HEAD >= load<u32>(at, HEAD_LENGTH)) {
      cookie = load<u64>(at);
      if (!keep(at)) {
        fd_close(descriptor);
        return -48;
      }
      count += i32(!isDots(at));
      at += HEAD + load<u32>(at, HEAD_LENGTH);
    }
    if (at == buffer) break;
  }
  fd_close(descriptor);
  return count;
}

/** Whether an entry is "." or "..". */
function isDots(entry: usize): bool {
  const length = load<u32>(entry, HEAD_LENGTH);
  if (length == 0 || length > 2) return length == 0;
  return load<u8>(entry + HEAD) == 46 && (length == 1 || load<u8>(entry + HEAD, 1) == 46);
}

/** Puts an entry on the stack. Answers whether there was memory for it. */
function keep(entry: usize): bool {
  if (isDots(entry)) return true;
  const length = load<u32>(entry, HEAD_LENGTH);
  const record = push(recordBytes(length));
  if (record == 0) return false;
  store<u32>(record, load<u8>(entry, HEAD_TYPE), RECORD_TYPE);
  store<u32>(record, length, RECORD_LENGTH);
  memory.copy(record + RECORD_NAME, entry + HEAD, length);
  return true;
}


@inline
function recordBytes(length: u32): u32 {
  return (u32(RECORD_NAME) + length + 3) & ~3;
}

function listRecords(record: usize, list: usize, count: i32): void {
  if (list == 0) unreachable();
  for (let i = 0; i < count; i++) {
    store<u32>(list + 4 * i, u32(record));
    record += recordBytes(load<u32>(record, RECORD_LENGTH));
  }
}

/** Sorts the list by the names' bytes: a heap, which needs no further memory and has no bad case. */
function sort(list: usize, count: i32): void {
  for (let root = (count >> 1) - 1; root >= 0; root--) sink(list, root, count);
  for (let last = count - 1; last > 0; last--) {
    const greatest = load<u32>(list);
    store<u32>(list, load<u32>(list + 4 * last));
    store<u32>(list + 4 * last, greatest);
    sink(list, 0, last);
  }
}

/** Lets the record at `root` sink below every greater one of the heap's first `count`. */
function sink(list: usize, root: i32, count: i32): void {
  const record = load<u32>(list + 4 * root);
  for (let child = 2 * root + 1; child < count; child = 2 * root + 1) {
    if (child + 1 < count && isBefore(load<u32>(list + 4 * child), load<u32>(list + 4 * child, 4))) child++;
    if (!isBefore(record, load<u32>(list + 4 * child))) break;
    store<u32>(list + 4 * root, load<u32>(list + 4 * child));
    root = child;
  }
  store<u32>(list + 4 * root, record);
}

function isBefore(a: usize, b: usize): bool {
  const aLength = load<u32>(a, RECORD_LENGTH);
  const bLength = load<u32>(b, RECORD_LENGTH);
  const order = memory.compare(a + RECORD_NAME, b + RECORD_NAME, min(aLength, bLength));
  return order < 0 || (order == 0 && aLength < bLength);
}

/** Scans a file, walks a folder, and leaves everything else alone. */
function visit(record: usize, folderLength: u32): void {
  const length = load<u32>(record, RECORD_LENGTH);
  const slash: u32 = folderLength > 0 && load<u8>(path + folderLength - 1) == 47 ? 0 : 1;
  const whole = folderLength + slash + length;
  if (whole > PATH) return complain(path, folderLength, Errno.NAMETOOLONG);
  if (slash == 1) store<u8>(path + folderLength, 47);
  memory.copy(path + folderLength + slash, record + RECORD_NAME, length);
  let type = load<u32>(record, RECORD_TYPE);
  if (type == FileType.UNKNOWN) type = max(0, typeOf(path, whole, false));
  if (type == FileType.REGULAR) scanFile(path, whole);
  else if (type == FileType.DIRECTORY) walkBelow(whole);
}
