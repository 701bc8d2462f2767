// Every adapter beside the platform's own way, into the same windows: 4,800 f32, which is 100 ms of sound at 48 kHz and
// divides no chunk, so that remainders do occur. They lie in linear memory, where a kernel can run over them; the platform's
// way gets them there by hand (lib/carry.mjs), reading straight to their place where it can. One row shows beside that what
// windows cost that are looked at where a stream's chunks lie. What is sent is checked element by element before anything is
// timed; in the timed rounds one element of every cache line is added up, and the sums are compared. What sends and what
// receives at the other end of a connection runs in a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  openAsBlob,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { iterableSource } from "../build/adapters.js";
import { Arena } from "../build/index.js";
import {
  childSource,
  fileSink,
  fileSource,
  readableSource,
  socketSink,
  socketSource,
  writableSink,
} from "../build/node.js";
import { blobSource, readableStreamSource, urlSource, writableStreamSink } from "../build/web.js";
import { carry, inPlace } from "./lib/carry.mjs";
import { block, blockBytes, checkWindow, expectedSum, touch } from "./lib/pattern.mjs";
import { rounds } from "./lib/rounds.mjs";
import { openSink } from "../build/outflow.js";

export const name = "streams";
export const question =
  "How fast does each adapter bring a stream into windows, or take one out, beside the platform's own way?";

const size = 4800;
const windowBytes = size * 4;
const feeder = fileURLToPath(new URL("./lib/feed.mjs", import.meta.url));

/** Looks at a window: reads all of it or, for the check, compares all of it. */
class Look {
  sum = 0;
  checks = false;
  platform = (data, start) => {
    this.sum += touch(data);
    if (this.checks) checkWindow(data, start);
  };
  ours = (window) => this.platform(window.data, window.start);
}

/** The bytes of the pattern in chunks of 64 KiB, each a view of the block. */
function* chunks(bytes) {
  for (let at = 0; at < bytes; at += 65_536) yield block.subarray(at % blockBytes, (at % blockBytes) + 65_536);
}

/** A stream whose chunks are there as soon as it is asked; each is new, as those of real streams are. */
function readable(bytes) {
  const parts = chunks(bytes);
  return new Readable({
    read() {
      const { value } = parts.next();
      this.push(value ? Buffer.from(value) : null);
    },
  });
}

function webStream(bytes) {
  const parts = chunks(bytes);
  return new ReadableStream(
    {
      pull(controller) {
        const { value } = parts.next();
        if (value) controller.enqueue(value.slice());
        else controller.close();
      },
    },
    { highWaterMark: 2 },
  );
}

function byteStream(bytes) {
  let at = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (at === bytes) {
        controller.close();
        controller.byobRequest?.respond(0);
        return;
      }
      const { byobRequest } = controller;
      if (!byobRequest) {
        controller.enqueue(block.slice(at % blockBytes, (at % blockBytes) + 65_536));
        at += 65_536;
        return;
      }
      const { view } = byobRequest;
      const from = at % blockBytes;
      const length = Math.min(view.byteLength, blockBytes - from, bytes - at);
      new Uint8Array(view.buffer, view.byteOffset, length).set(block.subarray(from, from + length));
      at += length;
      byobRequest.respond(length);
    },
  });
}

/** Every window of a source, our way. */
const flowing = (arena, look, mode) => async (source) => {
  const flow = arena.open(await source, { element: "f32", maxWindow: size, mode });
  await flow.each({ size }, look.ours);
  await flow.close();
};

/** The platform's ways to go through the chunks of something. */
const platform = (look) => {
  const begin = () => carry(size, look.platform);
  return {
    async events(stream, taker = begin()) {
      stream.on("data", taker.take);
      await once(stream, "end");
      taker.end();
    },
    async iteration(stream) {
      const taker = begin();
      for await (const chunk of stream) taker.take(chunk);
      taker.end();
    },
    async byob(stream) {
      const taker = begin();
      const reader = stream.getReader({ mode: "byob" });
      let buffer = new ArrayBuffer(256 * 1024);
      for (;;) {
        const { done, value } = await reader.read(new Uint8Array(buffer));
        if (done) break;
        taker.take(value);
        buffer = value.buffer;
      }
      taker.end();
    },
    sync(path, readBytes) {
      const taker = begin();
      const descriptor = openSync(path, "r");
      for (;;) {
        const some = readSync(descriptor, taker.into(readBytes), 0, readBytes, null);
        if (some === 0) break;
        taker.taken(some);
      }
      closeSync(descriptor);
      taker.end();
    },
    async handle(path, readBytes) {
      const taker = begin();
      const file = await open(path);
      for (;;) {
        const { bytesRead } = await file.read(taker.into(readBytes), 0, readBytes);
        if (bytesRead === 0) break;
        taker.taken(bytesRead);
      }
      await file.close();
      taker.end();
    },
  };
};

/** The ways to read: what, our way, the name of the platform's, its way, and what is to be reached. */
function reading(arena, look, bytes, path, at) {
  const sync = () => {
    const flow = arena.open(fileSource(path), { element: "f32", maxWindow: size, mode: "sync" });
    flow.eachSync({ size }, look.ours);
    flow.closeSync();
  };
  const run = flowing(arena, look);
  const own = platform(look);
  const child = () =>
    spawn(process.execPath, [feeder, "pipe", String(bytes)], { stdio: ["ignore", "pipe", "inherit"] });
  const url = `http://127.0.0.1:${at.http}/`;
  return [
    ["file, synchronous", sync, "readSync of 64 KiB", () => own.sync(path, 65_536), 0.9],
    ["file, synchronous", sync, "readSync of 256 KiB", () => own.sync(path, 262_144), 0.9],
    ["file", () => run(fileSource(path)), "createReadStream", () => own.events(createReadStream(path)), 3],
    ["file", () => run(fileSource(path)), "FileHandle.read of 1 MiB", () => own.handle(path, 2 ** 20), 0.9],
    ["a child's output", () => run(childSource(child())), "data events", () => own.events(child().stdout), 0.9],
    [
      "socket, TCP",
      () => run(socketSource(connect(at.tcp, "127.0.0.1"))),
      "data events",
      () => own.events(connect(at.tcp, "127.0.0.1")),
      0.9,
    ],
    ["socket, unix", () => run(socketSource(connect(at.unix))), "data events", () => own.events(connect(at.unix)), 0.9],
    ["Readable", () => run(readableSource(readable(bytes))), "data events", () => own.events(readable(bytes)), 0.9],
    [
      "Readable",
      () => run(readableSource(readable(bytes))),
      "data events, in its chunks",
      () => own.events(readable(bytes), inPlace(size, look.platform)),
      "–",
    ],
    [
      "async iterable",
      () => run(iterableSource(readable(bytes))),
      "for await",
      () => own.iteration(readable(bytes)),
      0.9,
    ],
    [
      "Blob of a file",
      async () => run(blobSource(await openAsBlob(path))),
      "blob.stream()",
      async () => own.iteration((await openAsBlob(path)).stream()),
      0.9,
    ],
    [
      "ReadableStream",
      () => run(readableStreamSource(webStream(bytes))),
      "for await",
      () => own.iteration(webStream(bytes)),
      0.9,
    ],
    [
      "ReadableStream, BYOB",
      () => run(readableStreamSource(byteStream(bytes))),
      "BYOB reader",
      () => own.byob(byteStream(bytes)),
      0.9,
    ],
    ["URL", () => run(urlSource(url)), "fetch, for await", async () => own.iteration((await fetch(url)).body), 0.9],
  ];
}

/** Puts the pattern into a sink, window by window. */
const drain = (arena) => async (sink, bytes) => {
  const out = openSink(arena, sink, { element: "u8", maxWindow: windowBytes });
  for (let at = 0; at < bytes; ) {
    const span = out.tryReserve(1, Math.min(windowBytes, bytes - at));
    if (!span) {
      await out.untilRoom(windowBytes);
      continue;
    }
    const from = at % blockBytes;
    const length = Math.min(span.length, blockBytes - from);
    span.data.set(block.subarray(from, from + length));
    out.commit(length);
    at += length;
  }
  await out.close();
};

/** The same by hand: each window made anew, because a stream keeps what it is given. */
async function byHand(write, bytes) {
  for (let at = 0; at < bytes; ) {
    const from = at % blockBytes;
    const record = block.slice(from, Math.min(from + windowBytes, blockBytes, from + bytes - at));
    at += record.length;
    const wait = write(record);
    if (wait) await wait;
  }
}

async function toStream(stream, bytes) {
  await byHand((record) => (stream.write(record) ? undefined : once(stream, "drain")), bytes);
  stream.end();
  await once(stream, "finish");
}

/** A stream that does nothing with what it gets. */
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done(), highWaterMark: 65_536 });

/** A connection to a peer that counts, and a check of what it has counted. */
async function counted(port, bytes, use) {
  const socket = connect(port, "127.0.0.1");
  const answer = once(socket, "data");
  await use(socket);
  const [got] = await answer;
  if (Number(got) !== bytes) throw new Error(`the peer got ${got} bytes of ${bytes}`);
  socket.destroy();
}

function writing(arena, bytes, folder, at) {
  const put = drain(arena);
  const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
  const whole = (path) => {
    if (statSync(path).size !== bytes) throw new Error(`${path} has ${statSync(path).size} bytes of ${bytes}`);
  };
  const fileSinks = async () => {
    await put(fileSink(ours), bytes);
    whole(ours);
  };
  const writeSyncs = async () => {
    const descriptor = openSync(theirs, "w");
    await byHand((record) => void writeSync(descriptor, record), bytes);
    closeSync(descriptor);
    whole(theirs);
  };
  const writeStream = async () => {
    await toStream(createWriteStream(theirs), bytes);
    whole(theirs);
  };
  return [
    ["into a file", fileSinks, "createWriteStream", writeStream, 0.9],
    ["into a file", fileSinks, "writeSync of each", writeSyncs, 0.9],
    [
      "into a Writable",
      () => put(writableSink(nowhere()), bytes),
      "write, drain",
      () => toStream(nowhere(), bytes),
      0.9,
    ],
    [
      "into a socket",
      () => counted(at.sink, bytes, (socket) => put(socketSink(socket), bytes)),
      "write, drain",
      () => counted(at.sink, bytes, (socket) => toStream(socket, bytes)),
      0.9,
    ],
    [
      "into a WritableStream",
      () => put(writableStreamSink(new WritableStream({ write() {} })), bytes),
      "write, ready",
      async () => {
        const writer = new WritableStream({ write() {} }).getWriter();
        await byHand(async (record) => {
          await writer.ready;
          writer.write(record);
        }, bytes);
        await writer.close();
      },
      0.9,
    ],
  ];
}

export async function run({ size: amount, signal }) {
  const bytes = amount === "full" ? 2 ** 30 : 2 ** 24;
  const turns = amount === "full" ? 5 : 3;
  const folder = mkdtempSync(join(tmpdir(), "forebay-streams-"));
  const arena = await Arena.create();
  const look = new Look();
  const path = join(folder, "pattern");
  const servers = spawn(process.execPath, [feeder, "serve", String(bytes), join(folder, "socket")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const at = JSON.parse(String((await once(servers.stdout, "data"))[0]));
    const descriptor = openSync(path, "w");
    for (let done = 0; done < bytes; done += blockBytes) writeSync(descriptor, block);
    closeSync(descriptor);
    const sum = expectedSum(bytes, size);
    const summed = (what, way) => async () => {
      look.sum = 0;
      await way();
      if (look.sum !== sum) throw new Error(`${what}: the windows add up to ${look.sum}, not ${sum}`);
    };
    const rows = [];
    const compare = async ([what, ours, peer, theirs, reach], bytes) => {
      const times = await rounds({ contestants: { ours, theirs }, rounds: turns, warmup: 1, signal });
      const rate = (who) => bytes / 2 ** 30 / (times[who].median / 1e3);
      const ratio = rate("ours") / rate("theirs");
      rows.push({
        what,
        ours: rate("ours"),
        peer,
        peers: rate("theirs"),
        ratio,
        unit: "GiB/s",
        reach: reach === "–" ? reach : `${reach}×`,
      });
    };
    for (const [what, ours, peer, theirs, reach] of reading(arena, look, bytes, path, at)) {
      const ways = [summed(what, ours), summed(`${what}, ${peer}`, theirs)];
      look.checks = true;
      for (const way of ways) await way();
      look.checks = false;
      await compare([what, ways[0], peer, ways[1], reach], bytes);
    }
    const written = Math.min(bytes, 2 ** 28);
    for (const row of writing(arena, written, folder, at)) await compare(row, written);
    return rows;
  } finally {
    arena.close();
    servers.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
