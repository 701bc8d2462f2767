/** Node's sources against the one suite of sources, and what only some of them do. */
import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  constants,
  createReadStream,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Source } from "../../src/index.js";
import { fileSource, readableSource, regularFileSource } from "../../src/node.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { projectPath } from "../support/host.js";
import { program } from "../support/program.js";
import { debugArena, drain, faultFrom, numbered, turns } from "../flow/support.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-source-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: Uint8Array): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
}

function fifo(): string {
  const path = join(folder, `fifo-${files++}`);
  execFileSync("mkfifo", [path]);
  return path;
}

/** A FIFO that both ends are open of, so that neither has to wait; what fits its buffer can be written at once. */
function openFifo(): { path: string; reading: number; writing: number } {
  const path = fifo();
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(path, constants.O_WRONLY);
  return { path, reading, writing };
}

/** A child that writes the content to the FIFO and ends; larger contents than a pipe holds arrive bit by bit. */
function writer(content: Uint8Array, to: string): () => Promise<void> {
  const child = spawn("sh", ["-c", 'exec cat "$1" > "$2"', "sh", fileOf(content), to], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return async () => {
    child.kill();
    await ended;
  };
}

/** A pipe by descriptor, filled at once where it fits, else by a child. */
async function pipeOf(content: Uint8Array): Promise<Made> {
  const { path, reading, writing } = openFifo();
  if (content.length <= 4096) {
    writeSync(writing, content);
    closeSync(writing);
    return { source: fileSource(reading) };
  }
  const cleanup = writer(content, path);
  // The child has its end open, or will have: keep ours until its first bytes have come.
  const source = fileSource(reading);
  let ours: number | undefined = writing;
  const release = () => {
    if (ours !== undefined) closeSync(ours);
    ours = undefined;
  };
  const read: Source["read"] = async (into, position, signal) => {
    const bytes = await source.read(into, position, signal);
    release();
    return bytes;
  };
  const readSync = (into: Uint8Array, position: number) => {
    const bytes = source.readSync!(into, position);
    release();
    return bytes;
  };
  return {
    source: { name: source.name!, seekable: source.seekable ?? false, read, readSync, close: () => source.close?.() },
    cleanup: async () => {
      release();
      await cleanup();
    },
  };
}

sourceConformance("a file by its path", async (content) => ({ source: fileSource(fileOf(content)) }), {
  seekable: true,
  sync: true,
});

sourceConformance("a file by its URL", async (content) => ({ source: fileSource(pathToFileURL(fileOf(content))) }), {
  seekable: true,
  sync: true,
});

sourceConformance("a file known to be one", async (content) => ({ source: regularFileSource(fileOf(content)) }), {
  seekable: true,
  sync: true,
});

sourceConformance(
  "a file by descriptor",
  async (content) => {
    const descriptor = openSync(fileOf(content), "r");
    return { source: fileSource(descriptor), cleanup: () => closeSync(descriptor) };
  },
  { seekable: false, sync: true },
);

sourceConformance("a pipe by descriptor", pipeOf, {
  seekable: false,
  sync: true,
  waits: async (content) => {
    const { reading, writing } = openFifo();
    writeSync(writing, content);
    return { source: fileSource(reading), cleanup: () => closeSync(writing) };
  },
});

sourceConformance(
  "a FIFO by its path",
  async (content) => {
    const path = fifo();
    return { source: fileSource(path), cleanup: writer(content, path) };
  },
  {
    seekable: false,
    sync: true,
    waits: async (content) => {
      const { path, reading, writing } = openFifo();
      writeSync(writing, content);
      return {
        source: fileSource(path),
        cleanup: () => {
          closeSync(reading);
          closeSync(writing);
        },
      };
    },
  },
);

sourceConformance(
  "a child's output",
  async (content) => {
    const child = spawn("cat", [fileOf(content)], { stdio: ["ignore", "pipe", "ignore"] });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    return {
      source: readableSource(child.stdout),
      cleanup: async () => {
        child.kill();
        await ended;
      },
    };
  },
  {
    seekable: false,
    sync: false,
    waits: async (content) => {
      const child = spawn("cat", [], { stdio: ["pipe", "pipe", "ignore"] });
      child.stdin.write(content);
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      return {
        source: readableSource(child.stdout),
        cleanup: async () => {
          child.kill();
          await ended;
        },
      };
    },
  },
);

sourceConformance(
  "a file's stream",
  async (content) => ({ source: readableSource(createReadStream(fileOf(content), { highWaterMark: 1000 })) }),
  { seekable: false, sync: false },
);

/** A stream that is written `content` in pieces of 11, and then whatever `then` does. */
function streamOf(content: Uint8Array, then: (stream: PassThrough) => void): PassThrough {
  const stream = new PassThrough({ highWaterMark: 2 ** 20 });
  for (let at = 0; at < content.length; at += 11) stream.write(content.subarray(at, at + 11));
  then(stream);
  return stream;
}

sourceConformance(
  "a stream",
  async (content) => ({ source: readableSource(streamOf(content, (stream) => stream.end())) }),
  {
    seekable: false,
    sync: false,
    waits: async (content) => ({ source: readableSource(streamOf(content, () => {})) }),
    breaks: async (content) => ({
      source: readableSource(streamOf(content, (stream) => setImmediate(() => stream.destroy(new Error("cut"))))),
    }),
  },
);

async function* generated(content: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += length) yield content.slice(at, at + length);
}

sourceConformance(
  "a stream of whole chunks, larger than the reads",
  async (content) => ({ source: readableSource(Readable.from(generated(content, 100))) }),
  {
    seekable: false,
    sync: false,
    breaks: async (content) => ({
      source: readableSource(
        Readable.from(
          (async function* () {
            yield* generated(content, 100);
            throw new Error("cut");
          })(),
        ),
      ),
    }),
  },
);

describe("a stream as a source", () => {
  const arena = debugArena();
  afterAll(() => arena.close());
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const read = async (stream: Readable) => {
    const flow = arena.open(readableSource(stream), { element: "u8", capacity: 64, maxWindow: 16 });
    const result = await drain(flow);
    await flow.close();
    expect(stream.destroyed).toBe(true);
    return result;
  };

  it("goes on after an empty chunk", async () => {
    const chunks = [Buffer.from("a"), Buffer.alloc(0), Buffer.alloc(0), Buffer.from("b")];
    expect(text((await read(Readable.from(chunks))).bytes)).toBe("ab");
  });

  it("gives what was buffered when it broke, then the error", async () => {
    const error = new Error("cut");
    const stream = new PassThrough();
    stream.on("error", () => {});
    stream.write("buffered");
    stream.destroy(error);
    await turns(); // it has said so already when it is opened
    const { bytes, fault } = await read(stream);
    expect(text(bytes)).toBe("buffered");
    expect(fault?.cause).toBe(error);
  });

  it.each(["before it was read", "while it was waited for"])(
    "destroyed %s, without an error, is no end",
    async (when) => {
      const stream = new PassThrough();
      if (when === "before it was read") stream.destroy();
      else setImmediate(() => stream.destroy());
      const { fault } = await read(stream);
      expect(fault?.message).toMatch(/the stream failed at byte 0: it was destroyed before its end/);
    },
  );

  it("of text says that it is no stream of bytes", async () => {
    const encoded = new PassThrough();
    encoded.setEncoding("utf8");
    encoded.end("text");
    for (const stream of [encoded, Readable.from(["text"]), Readable.from([{ no: "bytes" }])]) {
      expect((await read(stream)).fault?.message).toMatch(/it gave a (string|object), not bytes/);
    }
  });

  it("that had ended before it was opened is empty", async () => {
    const stream = Readable.from([]);
    stream.resume();
    await new Promise((resolve) => stream.once("end", resolve));
    expect(await read(stream)).toEqual({ bytes: new Uint8Array(0), fault: undefined });
  });

  it("leaves no listeners behind while it is read", async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const flow = arena.open(readableSource(stream), { element: "u8", capacity: 64, maxWindow: 16 });
    for (let turn = 0; turn < 30; turn++) {
      const answer = flow.ready(1);
      stream.write(numbered(3));
      await answer;
      flow.advance(1);
    }
    expect(stream.listenerCount("readable") + stream.listenerCount("error")).toBeLessThan(5);
    await flow.close();
  });
});

describe("a FIFO", () => {
  it("that nobody has opened for writing is no end, and is let go while it waits", async () => {
    const arena = debugArena();
    const flow = arena.open(fileSource(fifo()), { element: "u8", capacity: 64 });
    const waiting = faultFrom(() => flow.ready(1), "stale");
    await turns(5);
    expect(flow.buf.ended).toBe(false);
    await flow.close();
    await waiting;
    arena.close();
  });
});

describe("standard input", () => {
  it.each(["pipe", "file"])("of a program is read whole (%s)", async (kind) => {
    const content = numbered(200_000);
    const path = fileOf(content);
    const script = join(folder, "count.mjs");
    const entry = (name: string) => JSON.stringify(pathToFileURL(projectPath(`build/${name}.js`)).href);
    writeFileSync(
      script,
      `import { Arena } from ${entry("index")}; import { stdinSource } from ${entry("node")};
       const arena = await Arena.create(); const flow = arena.open(stdinSource(), { element: "u8" });
       let count = 0, sum = 0; for await (const w of flow) { count += w.length; for (const b of w.data) sum += b; }
       await flow.close(); console.log(count, sum);`,
    );
    const command = kind === "pipe" ? 'file=$0; cat "$file" | "$@"' : 'file=$0; "$@" < "$file"';
    const out = execFileSync("sh", ["-c", command, path, ...program(script)])
      .toString()
      .trim();
    expect(out).toBe(`200000 ${content.reduce((sum, byte) => sum + byte, 0)}`);
  });
});
