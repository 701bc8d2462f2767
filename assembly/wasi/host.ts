/**
 * The functions of WASI preview 1 that the command calls. They are all that the module imports. Each answers 0 or an error
 * number (errno.ts); addresses are of this module's memory.
 */

@external("wasi_snapshot_preview1", "args_sizes_get")
export declare function args_sizes_get(count: usize, bytes: usize): i32;


@external("wasi_snapshot_preview1", "args_get")
export declare function args_get(pointers: usize, bytes: usize): i32;


@external("wasi_snapshot_preview1", "clock_time_get")
export declare function clock_time_get(clock: u32, precision: u64, time: usize): i32;


@external("wasi_snapshot_preview1", "fd_close")
export declare function fd_close(descriptor: u32): i32;


@external("wasi_snapshot_preview1", "fd_filestat_get")
export declare function fd_filestat_get(descriptor: u32, facts: usize): i32;


@external("wasi_snapshot_preview1", "fd_prestat_get")
export declare function fd_prestat_get(descriptor: u32, facts: usize): i32;


@external("wasi_snapshot_preview1", "fd_prestat_dir_name")
export declare function fd_prestat_dir_name(descriptor: u32, name: usize, length: usize): i32;


@external("wasi_snapshot_preview1", "fd_read")
export declare function fd_read(descriptor: u32, vectors: usize, count: usize, bytes: usize): i32;


@external("wasi_snapshot_preview1", "fd_readdir")
export declare function fd_readdir(descriptor: u32, buffer: usize, length: usize, cookie: u64, used: usize): i32;


@external("wasi_snapshot_preview1", "fd_write")
export declare function fd_write(descriptor: u32, vectors: usize, count: usize, bytes: usize): i32;


@external("wasi_snapshot_preview1", "path_filestat_get")
export declare function path_filestat_get(folder: u32, flags: u32, path: usize, length: usize, facts: usize): i32;


@external("wasi_snapshot_preview1", "path_open")
export declare function path_open(
  folder: u32,
  lookup: u32,
  path: usize,
  length: usize,
  flags: u32,
  rights: u64,
  inheriting: u64,
  descriptorFlags: u32,
  descriptor: usize,
): i32;


@external("wasi_snapshot_preview1", "poll_oneoff")
export declare function poll_oneoff(subscriptions: usize, events: usize, count: usize, happened: usize): i32;


@external("wasi_snapshot_preview1", "proc_exit")
export declare function proc_exit(status: u32): void;

/** Kinds of files, as `fd_filestat_get` and `fd_readdir` tell them. */
export namespace FileType {
  export const UNKNOWN: u32 = 0;
  export const CHARACTER_DEVICE: u32 = 2;
  export const DIRECTORY: u32 = 3;
  export const REGULAR: u32 = 4;
}

/** Where the kind lies in what `fd_filestat_get` and `path_filestat_get` answer, which has 64 bytes. */
export const FILE_TYPE: usize = 16;
