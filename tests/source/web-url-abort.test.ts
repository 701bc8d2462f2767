/** URL sources that are given up: reads, openings and whole sources; connections end, and nothing needed later is lost. */
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { urlSource } from "../../src/web.js";
import { debugArena, numbered } from "../flow/support.js";
import { difference } from "../support/bytes.js";
import { projectPath } from "../support/host.js";
import { never, open, quick, rangesOf, readAt, readOn, serve } from "./web-url-support.js";

const content = numbered(200_000);
const reason = new Error("not wanted any more");

describe("a read that is aborted", () => {
  it("fails at once with the signal's reason, and its connection ends", async () => {
    const server = await serve(content);
    const source = await open(server.url, { first: 10 });
    await readAt(source, 0, 10);
    server.sins = { silentAt: 50_100 };
    const abort = new AbortController();
    const reading = Promise.resolve(source.read(new Uint8Array(1000), 50_100, abort.signal)).catch(
      (error: unknown) => error,
    );
    await server.untilAsked(2);
    abort.abort(reason);
    expect(await reading).toBe(reason);
    await server.untilIdle();
    server.sins = {};
    expect(await readAt(source, 50_100, 1000)).toEqual(content.slice(50_100, 51_100));
  });

  it("before it began asks for nothing", async () => {
    const server = await serve(content);
    const source = await open(server.url);
    expect(() => source.read(new Uint8Array(10), 90_000, AbortSignal.abort(reason))).toThrow(reason);
    const abort = new AbortController();
    const reading = Promise.resolve(source.read(new Uint8Array(10), 90_000, abort.signal)).catch(
      (error: unknown) => error,
    );
    abort.abort(reason); // in the same turn
    expect(await reading).toBe(reason);
    expect(await readAt(source, 90_000, 10)).toEqual(content.slice(90_000, 90_010));
    expect(rangesOf(server)).toEqual([
      [0, 65_536],
      [90_000, 90_010],
    ]);
  });

  it("is asked for again from the very byte", async () => {
    const server = await serve(content, { silentAt: 3000 });
    const source = await open(server.url, { first: 10_000 });
    expect(await readAt(source, 0, 3000)).toEqual(content.slice(0, 3000));
    const abort = new AbortController();
    const reading = Promise.resolve(source.read(new Uint8Array(1000), 3000, abort.signal)).catch(
      (error: unknown) => error,
    );
    abort.abort(reason);
    expect(await reading).toBe(reason);
    server.sins = {};
    expect(difference((await readOn(source, 3000)).bytes, content.subarray(3000))).toBeUndefined();
    expect(rangesOf(server)[1]![0]).toBe(3000);
    expect(source.stats.bytes).toBe(content.length);
  });

  it("of a server that knows no ranges loses nothing: its one body goes on", async () => {
    const server = await serve(content, { ignoresRange: true, writes: [700] });
    const source = await open(server.url, { timeout: 1000 });
    let at = 0;
    let aborts = 0;
    const into = new Uint8Array(500);
    const got = new Uint8Array(content.length);
    while (at < content.length) {
      const abort = new AbortController();
      const reading = source.read(into, at, abort.signal);
      if (typeof reading !== "number" && aborts < 50) {
        abort.abort(reason);
        aborts++;
      }
      const some = await Promise.resolve(reading).catch(() => 0);
      got.set(into.subarray(0, some), at);
      at += some;
    }
    expect(aborts).toBe(50);
    expect(difference(got, content)).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it.each([0, 1, 2])("among three at once, the others are filled (number %d)", async (which) => {
    const server = await serve(content);
    const source = await open(server.url, { first: 10 });
    await readAt(source, 0, 10);
    const abort = new AbortController();
    const reads = [0, 1, 2].map((i) => {
      const into = new Uint8Array(5000);
      const reading = source.read(into, 10 + 5000 * i, i === which ? abort.signal : never);
      return Promise.resolve(reading).then(
        (some) => into.subarray(0, some),
        (error: unknown) => error,
      );
    });
    if (which > 0) await server.untilAsked(2);
    abort.abort(reason);
    for (const [i, part] of (await Promise.all(reads)).entries()) {
      if (i === which) continue;
      expect(part).toBeInstanceOf(Uint8Array);
      const bytes = part as Uint8Array;
      expect(bytes.length).toBeGreaterThan(0);
      expect(difference(bytes, content.subarray(10 + 5000 * i, 10 + 5000 * i + bytes.length))).toBeUndefined();
    }
  });

  it("has not touched its memory any more", async () => {
    const server = await serve(content, { writes: [50], silentAt: 100 });
    const source = await open(server.url);
    await readAt(source, 0, 100);
    const into = new Uint8Array(1000).fill(0xaa);
    const abort = new AbortController();
    const reading = Promise.resolve(source.read(into, 100, abort.signal)).catch((error: unknown) => error);
    abort.abort(reason);
    await reading;
    server.sins = {};
    await readOn(source, 100);
    expect(into.every((byte) => byte === 0xaa)).toBe(true);
  });

  it("while the source waits for its next try ends that", async () => {
    const server = await serve(content, { statuses: [0, 503, 503] });
    const source = await open(server.url, { first: 10, pause: 1_000_000 });
    const abort = new AbortController();
    const reading = Promise.resolve(source.read(new Uint8Array(10), 500, abort.signal)).catch(
      (error: unknown) => error,
    );
    await server.untilAsked(2);
    abort.abort(reason);
    expect(await reading).toBe(reason);
  });
});

describe("an opening that is aborted", () => {
  it.each(["before it began", "before the answer", "before the next try"])("%s", async (when) => {
    const server = await serve(content, when === "before the answer" ? { silentAnswers: 9 } : { statuses: [503] });
    const abort = new AbortController();
    if (when === "before it began") abort.abort(reason);
    const opening = urlSource(server.url, { signal: abort.signal, pause: 1_000_000 }).catch((error: unknown) => error);
    if (when !== "before it began") await server.untilAsked(1);
    abort.abort(reason);
    expect(await opening).toBe(reason);
    expect(server.requests).toHaveLength(when === "before it began" ? 0 : 1);
    if (when === "before the answer") await server.untilIdle();
  });

  it("later ends the source", async () => {
    const server = await serve(content, { silentAt: 10 });
    const abort = new AbortController();
    const source = await open(server.url, { signal: abort.signal });
    await readAt(source, 0, 10);
    const reading = Promise.resolve(source.read(new Uint8Array(10), 10, never)).catch((error: unknown) => error);
    abort.abort(reason);
    expect(await reading).toBe(reason);
    expect(() => source.read(new Uint8Array(10), 10, never)).toThrow(reason);
    await server.untilIdle();
  });
});

describe("a source that is closed", () => {
  const arena = debugArena();
  afterAll(() => arena.close());

  it("ends what is under way and all its connections", async () => {
    const server = await serve(content, { silentAt: 100_000 });
    const source = await open(server.url);
    await readAt(source, 0, 100);
    const reads = [100_000, 120_000, 150_000].map((position) =>
      Promise.resolve(source.read(new Uint8Array(10), position, never)).catch((error: unknown) => error),
    );
    await server.untilAsked(4);
    source.close();
    for (const read of reads) expect(await read).toMatchObject({ code: "stale" });
    expect(() => source.read(new Uint8Array(10), 0, never)).toThrow(/it was closed/);
    source.close();
    await server.untilIdle();
  });

  it("with its flow, in the middle, ends its connection", async () => {
    const server = await serve(content, { silentAt: 5000 });
    const flow = arena.open(await urlSource(server.url, quick), { element: "u8", capacity: 4096, maxWindow: 1024 });
    await flow.ready(1000);
    await flow.close();
    await server.untilIdle();
  });

  it("keeps no more connections than its reads and two", async () => {
    const server = await serve(content, { writes: [100] });
    const signals: AbortSignal[] = [];
    const watched = (url: string, init: RequestInit) => {
      signals.push(init.signal!);
      return fetch(url, init);
    };
    const source = await open(server.url, { parallel: 2, first: 100, fetch: watched });
    // Reads that are left in the middle: their answers have more to give.
    for (let i = 0; i < 12; i++) await source.read(new Uint8Array(8000), 10_000 * i, never);
    // The first one, which was read to its end, and four that were not.
    expect(signals.filter(({ aborted }) => !aborted)).toHaveLength(5);
    // What was given up is asked for again.
    for (let i = 0; i < 12; i++) {
      expect(await readAt(source, 10_000 * i, 500)).toEqual(content.slice(10_000 * i, 10_000 * i + 500));
    }
  });

  it.each([
    [
      "after reading all of it",
      "for (let at = 0; ; ) { const n = await source.read(into, at, signal); if (!n) break; at += n; } source.close();",
    ],
    ["in the middle", "await source.read(into, 0, signal); source.close();"],
    ["without a read", "source.close();"],
    [
      "while it reads",
      "await source.read(into, 0, signal); source.read(into, 150000, signal).catch(() => {}); setTimeout(() => source.close(), 20);",
    ],
  ])("lets the program end by itself (%s)", async (_, program) => {
    const server = await serve(content, { silentAt: 180_000 });
    const entry = JSON.stringify(pathToFileURL(projectPath("build/web.js")).href);
    const script = `import { urlSource } from ${entry}; const source = await urlSource(${JSON.stringify(server.url)});
      const into = new Uint8Array(50000); const { signal } = new AbortController(); ${program.replace("150000", "190000")}`;
    if (program.startsWith("for")) server.sins = {};
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "inherit", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (some) => (errors += some));
    const status = await new Promise((resolve) => child.once("exit", resolve));
    expect(errors).toBe("");
    expect(status).toBe(0);
  });
});
