/** URL sources over nginx: what it counts is what we say, and what it gives is the file. */
import { renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type UrlSource, type UrlSourceOptions, urlSource } from "../../src/web.js";
import { sourceConformance } from "../conformance/source.js";
import { debugArena, drain, numbered } from "../flow/support.js";
import { difference } from "../support/bytes.js";
import { type Nginx, slowRate, startNginx } from "./nginx.js";

let nginx: Nginx;
let files = 0;
beforeAll(async () => {
  nginx = await startNginx();
});
afterAll(() => nginx?.close());
beforeEach(() => nginx.forget());

const sources: UrlSource[] = [];
afterEach(() => {
  for (const source of sources.splice(0)) source.close();
});

function fileOf(content: Uint8Array): string {
  const name = `file-${files++}`;
  const path = join(nginx.files, name);
  writeFileSync(path, content);
  // Its date tells it from others only when it is not of this very second.
  const old = new Date(Date.now() - 10_000 - 100_000 * files);
  utimesSync(path, old, old);
  return name;
}

async function open(way: string, file: string, options: UrlSourceOptions = {}): Promise<UrlSource> {
  const source = await urlSource(nginx.url(way, file), { pause: 1, ...options });
  sources.push(source);
  return source;
}

const { signal } = new AbortController();

async function readOn(source: UrlSource, at = 0, length = 100_000): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const into = new Uint8Array(length);
    const some = await source.read(into, at, signal);
    if (some === 0) return Buffer.concat(parts);
    parts.push(into.subarray(0, some));
    at += some;
  }
}

const content = numbered(3_000_000);
const sum = (logged: readonly { sent: number }[]) => logged.reduce((total, { sent }) => total + sent, 0);

for (const way of ["honest", "dated", "gzip", "moved"]) {
  sourceConformance(
    `nginx (${way})`,
    async (content) => ({ source: await urlSource(nginx.url(way, fileOf(content))) }),
    {
      seekable: true,
      sync: false,
    },
  );
}
sourceConformance(
  "nginx (norange)",
  async (content) => ({ source: await urlSource(nginx.url("norange", fileOf(content))) }),
  { seekable: false, sync: false },
);

describe("nginx", () => {
  it.each(["honest", "dated", "gzip"])("sends every byte once to who reads on (%s)", async (way) => {
    const source = await open(way, fileOf(content));
    expect(source).toMatchObject({ seekable: true, size: content.length });
    expect(difference(await readOn(source), content)).toBeUndefined();
    const logged = await nginx.logged(source.stats.requests);
    expect(logged.every(({ status }) => status === 206)).toBe(true);
    expect(logged).toHaveLength(source.stats.requests);
    expect(logged.length).toBeLessThan(16);
    expect(sum(logged)).toBe(content.length);
    expect(source.stats.bytes).toBe(content.length);
    for (const { ifRange } of logged.slice(1)) expect(ifRange).toMatch(way === "honest" ? /^"[0-9a-f-]+"$/ : /./);
  });

  it("would encode what it is not asked to send as it is", async () => {
    const headers = { "accept-encoding": "gzip" };
    const response = await fetch(nginx.url("gzip", fileOf(content)), { headers });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    await response.arrayBuffer();
    await nginx.logged(1);
  });

  it("sends exactly what random reads ask for", async () => {
    const source = await open("honest", fileOf(content), { first: 100 });
    let asked = 100;
    for (let i = 1; i <= 30; i++) {
      const place = (i * 977_777) % 2_900_000;
      const into = new Uint8Array(4096);
      let filled = 0;
      while (filled < 4096) filled += await source.read(into.subarray(filled), place + filled, signal);
      expect(difference(into, content.subarray(place, place + 4096))).toBeUndefined();
      asked += 4096;
    }
    const logged = await nginx.logged(31);
    expect([logged.length, sum(logged)]).toEqual([31, asked]);
  });

  it("with max_ranges 0 is read in order, by one request", async () => {
    const source = await open("norange", fileOf(content));
    expect(source.seekable).toBe(false);
    expect(difference(await readOn(source), content)).toBeUndefined();
    const logged = await nginx.logged(1);
    expect(logged).toMatchObject([{ status: 200, sent: content.length }]);
  });

  it.each(["honest", "norange"])("has an empty file (%s)", async (way) => {
    const source = await open(way, fileOf(new Uint8Array(0)));
    expect(await readOn(source)).toHaveLength(0);
    expect(source.size).toBe(0);
    expect(await nginx.logged(1)).toHaveLength(1);
  });

  it("slows each connection down: reads of their own go on at once, and are right", async () => {
    const some = content.subarray(0, slowRate / 2);
    const source = await open("slow", fileOf(some), { exact: true, first: 1 });
    const quarter = some.length / 4;
    const parts = await Promise.all(
      [0, 1, 2, 3].map(async (i) => {
        const into = new Uint8Array(quarter);
        let filled = 0;
        while (filled < quarter) filled += await source.read(into.subarray(filled), quarter * i + filled, signal);
        return into;
      }),
    );
    expect(difference(Buffer.concat(parts), some)).toBeUndefined();
    expect(sum(await nginx.logged(5))).toBe(some.length);
  });

  it.each(["honest", "dated"])("has another file between two requests: that is a fault (%s)", async (way) => {
    const arena = debugArena();
    const name = fileOf(content);
    const source = await open(way, name);
    const flow = arena.open(source, { element: "u8", capacity: 4096, maxWindow: 1024 });
    await flow.ready(1);
    renameSync(join(nginx.files, fileOf(numbered(content.length, 99))), join(nginx.files, name));
    const { bytes, fault } = await drain(flow);
    expect(fault).toMatchObject({
      code: "source-changed",
      facts: { what: way === "honest" ? "ETag" : "Last-Modified" },
    });
    expect(bytes.length).toBeGreaterThan(0);
    expect(difference(bytes, content.subarray(0, bytes.length))).toBeUndefined();
    await flow.close();
    arena.close();
  });

  it("has a file that grows: that is a fault too", async () => {
    const name = fileOf(content.subarray(0, 100_000));
    const source = await open("dated", name);
    writeFileSync(join(nginx.files, name), content.subarray(0, 100_001));
    await expect(readOn(source)).rejects.toMatchObject({ code: "source-changed" });
  });

  it("has no such file", async () => {
    await expect(open("honest", "nothing")).rejects.toMatchObject({ code: "source-failed", facts: { status: 404 } });
    expect(await nginx.logged(1)).toHaveLength(1);
  });

  it("closes a connection at once when its read is aborted", async () => {
    const source = await open("slow", fileOf(content), { first: 1 });
    const abort = new AbortController();
    const reading = Promise.resolve(source.read(new Uint8Array(1_000_000), 1_000_000, abort.signal)).catch(() => 0);
    await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 50))]);
    abort.abort();
    source.close();
    await reading;
    // It logs a request when it is done with it: long before all of this one could have been sent.
    const logged = await nginx.logged(2);
    expect(logged[1]!.sent).toBeLessThan(1_000_000);
  });
});
