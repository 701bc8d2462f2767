/**
 * What hosts cannot do: the one place that says so. Where a host lacks a feature, the library throws `Unsupported`, and a
 * test expects exactly that; a host that can do it after all fails that test, and its name goes from here.
 */

const programs = ["node20", "node22", "node24", "node26", "deno", "bun"];
const pages = ["chromium", "firefox", "webkit"];
const workers = ["chromium-worker", "firefox-worker", "webkit-worker"];
/** WebKitGTK has the files of an origin behind a setting that is off, and so no `navigator.storage`. */
const webkit = ["webkit", "webkit-worker"];

export const lacking = {
  /** Files of the origin's own, read and written in place: `opfsFile` of forebay/web. */
  "OPFS in place": [...programs, ...pages, "webkit-worker"],
  /** The same files in a worker that a test has started. */
  "OPFS in workers": [...programs, ...webkit],
  /** Deno's files: `denoFileSource` and `denoFileSink` of forebay/deno. */
  "Deno's files": [...programs.filter((name) => name !== "deno"), ...pages, ...workers],
  /** Sockets of `node:tls` as sources: `socketSource` of forebay/node. */
  "TLS sockets that are read": ["deno"],
  /** Files written through a stream: `fileSystemSink` of forebay/web, over the origin's own files. */
  createWritable: [...programs, ...webkit],
} as const satisfies Record<string, readonly string[]>;

export type Feature = keyof typeof lacking;

/**
 * What hosts do unlike Node where the library refuses nothing and can mend nothing: the tests expect there what the host does
 * instead, and fail once it does as Node does, wherever that shows in one run.
 */
export const unlike = {
  /** A write to a TLS socket is called back for before the peer has room: Deno takes all, and keeps it itself. */
  "TLS writes wait for the peer": ["deno"],
  /** A child's "close" comes before its output was read: Bun emits it behind the output's end, which a reader must meet. */
  "a child's close comes unread": ["bun"],
  /** The end of what a peer sends is told also when it comes while a TLS socket is paused: Deno loses it. */
  "TLS sockets tell an end that comes while they are paused": ["deno"],
  /** A child that does not heed a signal says by which it was ended: Deno says the first that it was sent, once it was. */
  "a child's last signal is told": ["deno"],
  /** A blob of a file is read when it is asked for: Deno reads the whole file when it makes the blob. */
  "blobs of files are read when they are asked for": ["deno"],
  /** A blob of a file that has changed cannot be read: Bun reads what is there now. */
  "blobs of files that changed fail": ["bun"],
  /** Requests that are made at once arrive in their order: Bun's arrive in any. */
  "requests arrive in order": ["bun"],
} as const satisfies Record<string, readonly string[]>;

export type Habit = keyof typeof unlike;
