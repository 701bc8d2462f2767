/** Files behind URLs: which requests reads become, byte for byte, of servers that do as they should. */
import { describe, expect, it, vi } from "vitest";
import { numbered } from "../flow/support.js";
import { difference } from "../support/bytes.js";
import { does } from "../support/lacks.js";
import { never, open, rangesOf, readAt, readOn, sentBy, serve } from "./web-url-support.js";

const KiB = 1024;
const content = numbered(1_000_000);

/** Starts reads of the given lengths, one behind the other, and resolves to what they got. */
function atOnce(source: Awaited<ReturnType<typeof open>>, position: number, lengths: readonly number[]) {
  let at = position;
  return Promise.all(
    lengths.map(async (length) => {
      const into = new Uint8Array(length);
      const from = at;
      at += length;
      return into.subarray(0, await source.read(into, from, never));
    }),
  );
}

/** Ranges as they arrived, where requests that are made at once arrive in their order; else sorted. */
const asArrived = (ranges: readonly (readonly (number | undefined)[])[]) =>
  does("requests arrive in order") ? ranges : [...ranges].sort(([a = 0], [b = 0]) => a - b);

describe("a URL that is opened", () => {
  it("has told all about itself by one request", async () => {
    const server = await serve(content);
    const source = await open(server.url);
    expect(source).toMatchObject({ size: 1_000_000, seekable: true, parallel: 4, granularity: 32_768, copies: 1 });
    expect(source.name).toBe(server.url);
    expect(source.why).toBe("the server answers Range requests");
    expect(server.requests).toMatchObject([{ range: "bytes=0-65535", ifRange: undefined, path: "/file" }]);
    expect(server.requests[0]!.acceptEncoding).toMatch(/^identity(, identity)?$/);
  });

  it("that is short is read by that request alone", async () => {
    const server = await serve(numbered(500));
    const source = await open(server.url);
    expect(difference((await readOn(source, 0, 64)).bytes, numbered(500))).toBeUndefined();
    expect(source.stats).toEqual({ requests: 1, bytes: 500, retries: 0 });
    expect(sentBy(server)).toBe(500);
  });

  it("asks for as much as it is told to", async () => {
    const server = await serve(content);
    const source = await open(server.url, { first: 100 });
    expect((await readAt(source, 0, 100)).length).toBe(100);
    expect(rangesOf(server)).toEqual([[0, 100]]);
  });

  it("hands headers and the rest of what fetch takes on, and uses the fetch that it is given", async () => {
    const server = await serve(content);
    const given: RequestInit[] = [];
    const stand = (url: string, init: RequestInit) => {
      given.push(init);
      return fetch(url, init);
    };
    await open(server.url, { fetch: stand, headers: { "x-key": "secret" }, init: { credentials: "omit" } });
    expect(given).toHaveLength(1);
    expect(given[0]).toMatchObject({ method: "GET", credentials: "omit" });
    expect(new Headers(given[0]!.headers).get("x-key")).toBe("secret");
  });

  it("is called by what is no secret of it", async () => {
    const server = await serve(content);
    expect((await open(`${server.url}?key=abc#part`)).name).toBe(`${server.url}?…`);
    expect(server.requests[0]!.path).toBe("/file?key=abc");
    const inline = await open(`data:application/octet-stream;base64,${"QUFB".repeat(1000)}`);
    expect(inline.name).toHaveLength(200);
    expect((await readOn(inline)).bytes).toHaveLength(3000);
  });

  it("follows redirects, each time anew", async () => {
    const server = await serve(numbered(100), { statuses: [302, 0, 308] });
    const source = await open(server.url, { first: 10 });
    expect((await readOn(source)).bytes).toEqual(numbered(100));
    expect(server.requests.map(({ path }) => path)).toEqual(["/file", "/elsewhere", "/file", "/elsewhere"]);
    expect(server.requests.map(({ range }) => range)).toEqual(["bytes=0-9", "bytes=0-9", "bytes=10-99", "bytes=10-99"]);
  });
});

describe("a URL that is read on", () => {
  it("is fetched once, by requests that grow, the last one to the end", async () => {
    const server = await serve(content);
    const source = await open(server.url);
    expect(difference((await readOn(source, 0, 64 * KiB)).bytes, content)).toBeUndefined();
    const ranges = rangesOf(server);
    // Each begins where the one before ended: nothing twice, nothing left out.
    expect(ranges.map(([from]) => from)).toEqual([0, ...ranges.slice(0, -1).map(([, to]) => to)]);
    expect(ranges.at(-1)![1]).toBe(content.length);
    expect(sentBy(server)).toBe(content.length);
    expect(ranges.length).toBeLessThan(15);
    expect(source.stats).toEqual({ requests: ranges.length, bytes: content.length, retries: 0 });
  });

  it("asks exactly for what is read, and from half a megabyte on for a third more than it has run", async () => {
    const server = await serve(content);
    const source = await open(server.url, { first: 10 * KiB });
    await readOn(source, 0, 10 * KiB);
    const ahead = rangesOf(server).map(([from, to]) => to - from - 10 * KiB);
    const exact = 512 / 10 + 1;
    expect(ahead.slice(0, exact)).toEqual(Array(Math.floor(exact)).fill(0));
    for (const [from, to] of rangesOf(server).slice(exact, -1)) {
      expect(to - from).toBe(10 * KiB + Math.floor(from / 3));
    }
    expect(rangesOf(server).length).toBeLessThan(exact + 4);
  });

  it("asks for all that is left once it has run for long", async () => {
    const long = new Uint8Array(40 * 2 ** 20).fill(7);
    const server = await serve(long);
    const source = await open(server.url);
    const into = new Uint8Array(2 ** 20);
    for (let at = 0; at < long.length; ) at += await source.read(into, at, never);
    expect(rangesOf(server).at(-1)![1]).toBe(long.length);
    expect(rangesOf(server).at(-1)![0]).toBeLessThan(22 * 2 ** 20);
    expect(sentBy(server)).toBe(long.length);
  });

  it("gives what is at hand, not as much as fits", async () => {
    const server = await serve(content, { writes: [100], silentAt: 300 });
    const source = await open(server.url);
    const into = new Uint8Array(1000);
    let at = 0;
    while (at < 300) at += await source.read(into, at, never);
    expect(at).toBe(300);
  });

  it("goes on where it was when other places were read in between", async () => {
    const server = await serve(content);
    const source = await open(server.url);
    for (let at = 0; at < 600_000; at += 100_000) await readAt(source, at, 100_000);
    const before = server.requests.length;
    for (let at = 600_000; at < 790_000; at += 10_000) {
      expect(difference(await readAt(source, at, 10_000), content.subarray(at, at + 10_000))).toBeUndefined();
      const elsewhere = 1_590_000 - at;
      expect(await readAt(source, elsewhere, 10)).toEqual(content.subarray(elsewhere, elsewhere + 10));
    }
    const run = rangesOf(server)
      .slice(before)
      .filter(([from, to]) => to - from !== 10);
    expect(run).toEqual([[600_000, 810_000]]);
  });
});

describe("reads at once", () => {
  it("that are adjacent share a request, and are filled", async () => {
    const server = await serve(content);
    const source = await open(server.url, { first: 1000 });
    const parts = await atOnce(source, 0, [1000, 64 * KiB, 64 * KiB, 100]);
    expect(parts.map(({ length }) => length)).toEqual([1000, 64 * KiB, 64 * KiB, 100]);
    expect(difference(Buffer.concat(parts), content.subarray(0, 1100 + 128 * KiB))).toBeUndefined();
    expect(rangesOf(server)).toEqual([
      [0, 1000],
      [1000, 1100 + 128 * KiB],
    ]);
  });

  it("at places apart are requests at once, exactly as long as they are", async () => {
    const server = await serve(content);
    const source = await open(server.url, { first: 10 });
    server.sins = { silentAnswers: 100 };
    const places = [500_000, 7, 900_000, 123_456];
    const reads = places.map((place) =>
      (source.read(new Uint8Array(1000), place, never) as Promise<number>).catch(() => {}),
    );
    await server.untilAsked(5); // none of them was answered
    expect(asArrived(rangesOf(server).slice(1))).toEqual(asArrived(places.map((place) => [place, place + 1000])));
    source.close();
    await Promise.all(reads);
  });

  it("bring no byte that was not asked for", async () => {
    const server = await serve(content);
    const source = await open(server.url, { first: 1 });
    let asked = 1;
    for (let i = 1; i <= 40; i++) {
      const place = (i * 377_777) % 900_000;
      const length = 1 + ((i * 977) % 5000);
      expect(difference(await readAt(source, place, length), content.subarray(place, place + length))).toBeUndefined();
      asked += length;
    }
    expect(sentBy(server)).toBe(asked);
    expect(source.stats.requests).toBe(41);
    expect(server.requests.every(({ broken }) => !broken)).toBe(true);
  });

  it("are requests of their own where that is wanted", async () => {
    const server = await serve(content);
    const source = await open(server.url, { exact: true, first: 10 });
    const parts = await atOnce(source, 10, [1000, 1000, 1000, 1000]);
    expect(difference(Buffer.concat(parts), content.subarray(10, 4010))).toBeUndefined();
    const asked = [0, 1, 2, 3, 4].map((i) => (i === 0 ? [0, 10] : [1000 * i - 990, 1000 * i + 10]));
    expect(asArrived(rangesOf(server))).toEqual(asArrived(asked));
    expect((await readOn(source, 4010, 100_000)).bytes).toHaveLength(content.length - 4010);
    expect(sentBy(server)).toBe(10 + content.length - 10);
  });

  it("that the server lets wait are answered with what has come, and the rest is asked for next", async () => {
    const server = await serve(content, { silentAt: 300 });
    const source = await open(server.url);
    const [first, second] = [new Uint8Array(500), new Uint8Array(500)];
    const two = Promise.resolve(source.read(second, 500, never)).catch((error: unknown) => error);
    expect(await source.read(first, 0, never)).toBe(300);
    source.close();
    expect(await two).toMatchObject({ code: "stale" });
  });
});

describe("reads that were answered short while others wait", () => {
  /** Two reads of 500 bytes, the first of which got 300; the server goes on when it is told to. */
  async function paused() {
    let more: ((bytes: Uint8Array) => void) | undefined;
    let requests = 0;
    const standIn = async (_: string, init: RequestInit): Promise<Response> => {
      const [from, to] = /bytes=(\d+)-(\d+)/.exec(new Headers(init.headers).get("range")!)!.slice(1).map(Number) as [
        number,
        number,
      ];
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          if (requests++ > 0) controller.enqueue(content.slice(from, to + 1));
          else {
            controller.enqueue(content.slice(0, 300));
            more = (bytes) => controller.enqueue(bytes);
          }
        },
      });
      const headers = { "content-range": `bytes ${from}-${to}/1000000`, etag: '"one"' };
      return new Response(body, { status: 206, headers });
    };
    const source = await open("http://127.0.0.1/", { fetch: standIn });
    const [one, two] = [new Uint8Array(500), new Uint8Array(500)];
    const first = source.read(one, 0, never);
    const second = source.read(two, 500, never);
    expect(await first).toBe(300);
    return { source, one, two, second, more: more!, requests: () => requests };
  }

  it("go on with their rest out of the same answer", async () => {
    const { source, one, two, second, more, requests } = await paused();
    const rest = source.read(one.subarray(300), 300, never);
    more(content.slice(300, 1000));
    expect([await rest, await second]).toEqual([200, 500]);
    expect(Buffer.concat([one, two])).toEqual(Buffer.from(content.subarray(0, 1000)));
    expect(requests()).toBe(1);
  });

  it("leave a gap that nobody asks for: it is passed over", async () => {
    const { two, second, more, requests } = await paused();
    more(content.slice(300, 1000));
    expect(await second).toBe(500);
    expect(two).toEqual(content.slice(500, 1000));
    expect(requests()).toBe(1);
  });

  it("leave a gap that the server does not pass over either: what waits is asked for again", async () => {
    const { source, one, two, second, more, requests } = await paused();
    more(content.slice(300, 400));
    expect(await second).toBe(500);
    expect(two).toEqual(content.slice(500, 1000));
    expect(requests()).toBe(2);
    expect(await source.read(one.subarray(300), 300, never)).toBe(200);
    expect(one).toEqual(content.slice(0, 500));
  });
});

describe("copies", () => {
  it("of a byte are one", async () => {
    const standIn = async (_: string, init: RequestInit) => {
      const [from, to] = /bytes=(\d+)-(\d+)/.exec(new Headers(init.headers).get("range")!)!.slice(1).map(Number) as [
        number,
        number,
      ];
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = from; at <= to; at += 777) controller.enqueue(content.slice(at, Math.min(to + 1, at + 777)));
          controller.close();
        },
      });
      return new Response(body, { status: 206, headers: { "content-range": `bytes ${from}-${to}/300000` } });
    };
    const source = await open("http://127.0.0.1/", { fetch: standIn });
    const into = new Uint8Array(10_000);
    const set = vi.spyOn(Uint8Array.prototype, "set");
    let copied = 0;
    try {
      for (let at = 0; at < 300_000; ) at += await source.read(into, at, never);
      copied = set.mock.calls.reduce((sum, [from]) => sum + from.length, 0);
    } finally {
      set.mockRestore();
    }
    expect(copied).toBe(300_000);
  });
});

describe("what is asked wrongly", () => {
  it.each([
    ["no URL", () => open("http://"), /Cannot read “http:\/\/”: it is no URL/],
    ["a relative URL without a page", () => open("file.bin"), /no URL/],
    [
      "a Range of one's own",
      () => open("http://127.0.0.1/", { headers: { Range: "bytes=0-1" } }),
      /Cannot send the header range/,
    ],
    ["none at first", () => open("http://127.0.0.1/", { first: 0 }), /first is a whole number of 1 or more, not 0/],
    ["no reads", () => open("http://127.0.0.1/", { parallel: 0 }), /parallel is a whole number of 1 or more/],
    [
      "half a try",
      () => open("http://127.0.0.1/", { retries: 0.5 }),
      /retries is a whole number of 0 or more, not 0.5/,
    ],
    ["no time", () => open("http://127.0.0.1/", { timeout: 0 }), /timeout is a whole number of 1 or more/],
  ])("%s", async (_, doing, message) => {
    await expect(doing()).rejects.toMatchObject({ code: "bad-argument", message: expect.stringMatching(message) });
  });
});
