/** URL sources over servers that sin: what arrives is right to the byte, what cannot is a clear fault, and requests are few. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { Fault, Unsupported } from "../../src/index.js";
import { debugArena, drain, numbered } from "../flow/support.js";
import { hostileServer, type Sins } from "../hostile/http_server.js";
import { difference } from "../support/bytes.js";
import { never, open, quick, rangesOf, readAt, readOn, sentBy, serve } from "./web-url-support.js";
import { urlSource } from "../../src/web.js";

const content = numbered(200_000);
const other = numbered(200_000, 12345);

/** The fault of opening. */
async function refused(sins: Sins, options = {}): Promise<{ fault: Fault; requests: number }> {
  const server = await serve(content, sins);
  const fault = await open(server.url, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(Fault);
  return { fault: fault as Fault, requests: server.requests.length };
}

describe("a server that ignores Range", () => {
  it.each([true, false])("is read in order from its one body (length said: %s)", async (said) => {
    const server = await serve(content, { ignoresRange: true, hidesLength: !said });
    const source = await open(server.url);
    expect(source).toMatchObject({ seekable: false, parallel: 1, size: said ? content.length : undefined });
    expect(source.why).toBe("read in order: the server answers Range requests with the whole file");
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
    expect(server.requests).toMatchObject([{ status: 200, sent: content.length }]);
    expect(source.stats).toEqual({ requests: 1, bytes: content.length, retries: 0 });
  });

  it("says why it cannot be read from elsewhere, and goes on", async () => {
    const source = await open((await serve(content, { ignoresRange: true })).url);
    expect(await readAt(source, 0, 10)).toEqual(content.slice(0, 10));
    for (const position of [0, 9, 11, 150_000]) {
      expect(() => source.read(new Uint8Array(1), position, never)).toThrow(
        /Cannot read .* from byte \d+: it is read in order: the server answers Range requests with the whole file, one read at a time/,
      );
    }
    expect((await readOn(source, 10)).bytes).toHaveLength(content.length - 10);
  });

  it("gives what came before its connection dropped, then says why nothing more will come", async () => {
    const server = await serve(content, { ignoresRange: true, dropsAfter: [12_345] });
    const source = await open(server.url);
    const { bytes, error } = await readOn(source);
    expect(bytes).toEqual(content.slice(0, 12_345));
    expect(error).toMatchObject({ code: "source-failed", facts: { position: 12_345 } });
    expect(String(error)).toMatch(
      /from byte 12345: .*cannot be asked for the rest alone, because it does not answer Range/,
    );
    expect(() => source.read(new Uint8Array(1), 12_345, never)).toThrow(error as Error);
    expect(server.requests).toHaveLength(1);
  });

  it("may encode its body, which is read decoded", async () => {
    const source = await open((await serve(content, { ignoresRange: true, encodes: true })).url);
    expect(source.size).toBeUndefined();
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
  });
});

describe("a server that does not say how long the file is", () => {
  it.each([{}, { mute416: true }, { hidesLength: true }])("is read to the 416 behind its end %o", async (sins) => {
    const server = await serve(content, { hidesTotal: true, ...sins });
    const source = await open(server.url);
    expect(source).toMatchObject({ seekable: true, size: undefined });
    expect(source.why).toMatch(/does not say how long/);
    expect(difference((await readOn(source, 0, 9000)).bytes, content)).toBeUndefined();
    expect(server.requests.at(-1)!.status).toBe(416);
    expect(server.requests.filter(({ status }) => status !== 206)).toHaveLength(1);
    expect(sentBy(server)).toBe(content.length);
    expect(await source.read(new Uint8Array(9), 10 ** 12, never)).toBe(0);
    expect(await readAt(source, 199_990, 100)).toEqual(content.slice(199_990));
  });

  it("learns it from a 416", async () => {
    const source = await open((await serve(content, { hidesTotal: true })).url);
    expect(await source.read(new Uint8Array(9), 200_000, never)).toBe(0);
    expect(source.size).toBe(200_000);
    expect(source.stats.requests).toBe(2);
    expect(await source.read(new Uint8Array(9), 200_000, never)).toBe(0);
    expect(source.stats.requests).toBe(2);
  });
});

describe("an empty file", () => {
  it.each([{}, { mute416: true }, { ignoresRange: true }, { ignoresRange: true, hidesLength: true }])(
    "is empty by one request %o",
    async (sins) => {
      const server = await serve(new Uint8Array(0), sins);
      const source = await open(server.url);
      expect((await readOn(source)).bytes).toHaveLength(0);
      expect(server.requests).toHaveLength(1);
      expect(source.stats).toEqual({ requests: 1, bytes: 0, retries: 0 });
    },
  );
});

describe("a file that changes between two requests", () => {
  const cases: [string, Sins, Sins, { what: string; was: string; is: string } | undefined][] = [
    ["by its ETag, which If-Range finds out", {}, { etag: '"two"' }, { what: "ETag", was: '"one"', is: '"two"' }],
    [
      "by its ETag, although the server ignores If-Range",
      {},
      { etag: '"two"', ignoresIfRange: true },
      { what: "ETag", was: '"one"', is: '"two"' },
    ],
    [
      "by its weak ETag, which If-Range must not say",
      { etag: 'W/"one"' },
      { etag: 'W/"two"' },
      { what: "ETag", was: 'W/"one"', is: 'W/"two"' },
    ],
    [
      "by its date",
      { etag: undefined, lastModified: "Sat, 01 Nov 2025 10:00:00 GMT" },
      { etag: undefined, lastModified: "Sat, 01 Nov 2025 10:00:01 GMT" },
      { what: "Last-Modified", was: "Sat, 01 Nov 2025 10:00:00 GMT", is: "Sat, 01 Nov 2025 10:00:01 GMT" },
    ],
    ["in a way that only the server knows", {}, { statuses: [0, 0], ignoresRange: true }, undefined],
  ];

  it.each(cases)("%s", async (_, before, after, facts) => {
    const server = await serve(content, before);
    const source = await open(server.url, { first: 1000 });
    expect(await readAt(source, 0, 1000)).toEqual(content.slice(0, 1000));
    server.content = other;
    server.sins = after;
    const { bytes, error } = await readOn(source, 1000);
    expect(bytes).toHaveLength(0);
    expect(error).toMatchObject({ code: "source-changed", facts: { position: 1000, ...facts } });
    if (facts) {
      expect(String(error)).toContain(
        `changed while it was read: at byte 1000 its ${facts.what} is ${facts.is} and was ${facts.was}`,
      );
    }
    // For good: nothing of the new one is ever given.
    server.sins = before;
    expect(() => source.read(new Uint8Array(1), 0, never)).toThrow(error as Error);
    expect(() => source.read(new Uint8Array(1), 5000, never)).toThrow(error as Error);
    expect(server.requests).toHaveLength(2);
  });

  it.each([0, 500, 999, 199_999, 200_001, 300_000])("to %d bytes", async (length) => {
    const server = await serve(content, { etag: undefined });
    const source = await open(server.url, { first: 1000 });
    server.content = numbered(length);
    await readAt(source, 0, 1000);
    const { bytes, error } = await readOn(source, 1000);
    expect(bytes).toHaveLength(0);
    expect(error).toMatchObject({
      code: "source-changed",
      facts: { what: "size in bytes", was: "200000", is: String(length) },
    });
  });

  it("is a fault of the flow, behind what came before", async () => {
    const arena = debugArena();
    const server = await serve(content);
    const flow = arena.open(await open(server.url), { element: "u8", capacity: 4096, maxWindow: 1024 });
    await flow.ready(1);
    server.sins = { etag: '"two"' };
    server.content = other;
    const { bytes, fault } = await drain(flow);
    expect(fault?.code).toBe("source-changed");
    expect(bytes.length).toBe(65_536);
    expect(difference(bytes, content.subarray(0, 65_536))).toBeUndefined();
    await flow.close();
    arena.close();
  });

  it("is no fault where a later answer tells less than the first", async () => {
    const server = await serve(content, { lastModified: "Sat, 01 Nov 2025 10:00:00 GMT" });
    const source = await open(server.url, { first: 1000 });
    server.sins = { etag: undefined, hidesTotal: true, ignoresIfRange: true };
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
  });
});

describe("If-Range", () => {
  const long = "Sat, 01 Nov 2025 10:00:00 GMT";
  it.each<[string, Sins, string | undefined]>([
    ["says the strong ETag", { lastModified: long }, '"one"'],
    ["says a date instead of a weak ETag", { etag: 'W/"one"', lastModified: long }, long],
    ["says a date where there is no ETag", { etag: undefined, lastModified: long }, long],
    ["says no date of the same second", { etag: undefined, lastModified: long, headers: { date: long } }, undefined],
    ["is left out where there is neither", { etag: undefined }, undefined],
  ])("%s", async (_, sins, is) => {
    const server = await serve(content, sins);
    const source = await open(server.url, { first: 1000 });
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
    expect(server.requests[0]!.ifRange).toBeUndefined();
    for (const { ifRange } of server.requests.slice(1)) expect(ifRange).toBe(is);
  });
});

describe("a connection that drops", () => {
  it.each([0, 1, 999, 1000, 65_535])("behind %d bytes is taken up at the very byte", async (drop) => {
    const server = await serve(content, { dropsAfter: [drop, 1_000_000] });
    const source = await open(server.url);
    expect(difference((await readOn(source, 0, 1000)).bytes, content)).toBeUndefined();
    const ranges = rangesOf(server);
    expect(ranges[1]![0]).toBe(drop);
    expect(sentBy(server)).toBe(content.length);
    expect(source.stats).toEqual({ requests: ranges.length, bytes: content.length, retries: 1 });
  });

  it("every time is taken up every time, as long as something comes", async () => {
    const server = await serve(numbered(3000), { dropsAfter: [100] });
    const source = await open(server.url, { retries: 1 });
    expect((await readOn(source)).bytes).toEqual(numbered(3000));
    expect(rangesOf(server).map(([from]) => from)).toEqual(Array.from({ length: 30 }, (_, i) => 100 * i));
    expect(sentBy(server)).toBe(3000);
  });

  it.each([0, 1, 3])("for good is given up after %d more tries that bring nothing", async (retries) => {
    const server = await serve(content, { dropsAfter: [70, 30, 0] });
    const source = await open(server.url, { retries: Math.max(1, retries) });
    if (retries === 0) server.sins = { dropsAfter: [0] };
    const { bytes, error } = await readOn(source);
    expect(bytes).toEqual(content.slice(0, 100).slice(0, bytes.length));
    expect(bytes.length).toBe(retries === 0 ? 70 : 100);
    const tries = Math.max(1, retries) + 1;
    expect(error).toMatchObject({ code: "source-failed", facts: { position: bytes.length, tries } });
    expect(String(error)).toContain(`and ${tries} tries in a row brought nothing`);
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it("is at once a failure where no retries are wanted", async () => {
    const server = await serve(content, { dropsAfter: [70] });
    const source = await open(server.url, { retries: 0 });
    const { bytes, error } = await readOn(source);
    expect(bytes).toEqual(content.slice(0, 70));
    expect(error).toMatchObject({ code: "source-failed", facts: { position: 70, tries: 1 } });
    expect(server.requests).toHaveLength(1);
  });

  it("under reads at once fills all of them", async () => {
    const server = await serve(content, { dropsAfter: [10, 1000, 0, 50, 1_000_000] });
    const source = await open(server.url, { first: 10 });
    const reads = [0, 1, 2].map((i) => {
      const into = new Uint8Array(5000);
      return Promise.resolve(source.read(into, 10 + 5000 * i, never)).then((some) => into.subarray(0, some));
    });
    const parts = await Promise.all(reads);
    expect(parts.map(({ length }) => length).slice(0, 2)).toEqual([5000, 5000]);
    const got = Buffer.concat(parts);
    expect(difference(got, content.subarray(10, 10 + got.length))).toBeUndefined();
  });
});

describe("an answer that is not what it says", () => {
  it("and ends too early, though well, is taken up like a drop", async () => {
    const server = await serve(content, { cutsShort: 10, etag: undefined });
    const source = await open(server.url, { first: 1000, retries: 1 });
    const { bytes, error } = await readOn(source);
    // The last ten bytes never come.
    expect(difference(bytes, content.subarray(0, content.length - 10))).toBeUndefined();
    expect(String(error)).toMatch(/the answer ended 10 bytes too early, and 2 tries in a row brought nothing/);
  });

  it("and brings too much is a fault, for good", async () => {
    const server = await serve(content, { overshoots: 5 });
    const source = await open(server.url, { first: 1000 });
    const { error } = await readOn(source);
    expect(error).toMatchObject({ code: "source-failed" });
    expect(String(error)).toMatch(/the server sent more than it had announced, which ended at byte 1000/);
    server.sins = {};
    expect(() => source.read(new Uint8Array(1), 5000, never)).toThrow(error as Error);
  });

  it("and brings too much behind what was read is found as well", async () => {
    const server = await serve(content, { overshoots: 5, writes: [1000] });
    const source = await open(server.url, { first: 1000 });
    const { error } = await readOn(source);
    expect(String(error)).toMatch(/more than it had announced/);
  });

  it.each<[string, Sins, RegExp]>([
    ["another part", { misplaces: 1 }, /a request for bytes 0 to 65535 with those from 1 to 65536/],
    ["no part at all", { headers: { "content-range": undefined } }, /with the Content-Range that is missing/],
    ["nonsense", { headers: { "content-range": "bytes 9-0/5" } }, /with the Content-Range “bytes 9-0\/5”/],
    ["a size for a part", { headers: { "content-range": "bytes */5" } }, /with the Content-Range “bytes \*\/5”/],
    ["more than was asked for", { headers: { "content-range": "bytes 0-65536/200000" } }, /those from 0 to 65536/],
    ["two lengths", { headers: { "content-length": "10" } }, /announced 10 bytes for the Content-Range “bytes 0-65535/],
    [
      "a part of many",
      { headers: { "content-range": undefined, "content-type": "multipart/byteranges; boundary=x" } },
      /missing/,
    ],
  ])("but of %s is refused", async (_, sins, message) => {
    const { fault, requests } = await refused(sins);
    expect(fault.code).toBe("source-failed");
    expect(fault.message).toMatch(message);
    expect(requests).toBe(1);
  });

  it("but an encoded part is refused", async () => {
    const { fault } = await refused({ encodes: true });
    expect(fault).toBeInstanceOf(Unsupported);
    expect(fault.message).toMatch(/encodes parts \(gzip\) although it was asked not to/);
  });

  it("whole, and was a part before, is refused where it is the same file", async () => {
    const server = await serve(content, { etag: 'W/"one"' });
    const source = await open(server.url, { first: 1000 });
    await readAt(source, 0, 1000);
    server.sins = { etag: 'W/"one"', ignoresRange: true };
    const { error } = await readOn(source, 1000);
    expect(error).toMatchObject({ code: "source-failed" });
    expect(String(error)).toMatch(/the whole file to a request for a part, and has answered such requests before/);
  });

  it("416, within what it said that it has, is refused", async () => {
    const server = await serve(content, { statuses: [0, 416] });
    const source = await open(server.url, { first: 1000 });
    await expect(source.read(new Uint8Array(10), 5000, never)).rejects.toThrow(
      /from byte 5000: the server says that it has no such byte, and had 200000 before/,
    );
  });
});

describe("a status", () => {
  it.each([400, 401, 403, 404, 410, 429])("%d is refused at once", async (status) => {
    const { fault, requests } = await refused({ statuses: [status] });
    expect(fault).toMatchObject({ code: "source-failed", facts: { status, position: 0 } });
    expect(fault.message).toMatch(
      new RegExp(`Cannot read http://127.0.0.1:\\d+/file from byte 0: the server answered ${status} [A-Z]`),
    );
    expect(requests).toBe(1);
  });

  it.each([500, 502, 503, 504])("%d is worth another try", async (status) => {
    const server = await serve(content, { statuses: [status, status, 0, status] });
    const source = await open(server.url, { first: 1000 });
    expect(source.stats).toEqual({ requests: 3, bytes: 0, retries: 2 });
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
    expect(source.stats.retries).toBe(3);
    expect(sentBy(server)).toBe(content.length);
  });

  it("of 500 for good is given up", async () => {
    const { fault, requests } = await refused({ statuses: Array(10).fill(500) }, { retries: 2 });
    expect(fault.message).toMatch(/answered 500 Internal Server Error, and 3 tries in a row brought nothing/);
    expect(requests).toBe(3);
  });

  it("that refuses a later part leaves the rest readable", async () => {
    const server = await serve(content, { statuses: [0, 404] });
    const source = await open(server.url, { first: 1000 });
    await expect(source.read(new Uint8Array(10), 5000, never)).rejects.toMatchObject({
      facts: { status: 404, position: 5000 },
    });
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
  });
});

describe("a server that is not there", () => {
  it("is tried again, and then named with the reason", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const failing = urlSource(`http://127.0.0.1:${port}/x`, { ...quick, retries: 2 });
    await expect(failing).rejects.toMatchObject({ code: "source-failed", facts: { tries: 3 } });
    await expect(failing).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe("silence", () => {
  afterEach(() => void vi.useRealTimers());

  it("in front of an answer is a failure worth another try", async () => {
    const server = await serve(content, { silentAnswers: 2 });
    const source = await open(server.url, { timeout: 20 });
    expect(source.stats).toMatchObject({ requests: 3, retries: 2 });
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
  });

  it("for good is given up and says how long it was", async () => {
    const { fault } = await refused({ silentAnswers: 100 }, { timeout: 20, retries: 1 });
    expect(fault.message).toMatch(/the server did not answer for 20 ms, and 2 tries in a row brought nothing/);
  });

  it("within a body is taken up at the very byte", async () => {
    const server = await serve(content, { silentAt: 1234 });
    const source = await open(server.url, { timeout: 20, retries: 1 });
    const { bytes, error } = await readOn(source);
    expect(bytes).toEqual(content.slice(0, 1234));
    expect(String(error)).toMatch(/from byte 1234: the server did not answer on for 20 ms, and 2 tries/);
    expect(rangesOf(server).map(([from]) => from)).toEqual([0, 1234]);
  });

  it("is none while bytes come, however slowly, and counts only while somebody waits", async () => {
    vi.useFakeTimers();
    let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
    const standIn = async () => {
      const start = (to: ReadableStreamDefaultController<Uint8Array>) => {
        stream = to;
      };
      const body = new ReadableStream<Uint8Array>({ start });
      return new Response(body, { status: 206, headers: { "content-range": "bytes 0-99/100" } });
    };
    const source = await open("http://127.0.0.1/", { fetch: standIn, timeout: 1000, retries: 0 });
    for (let at = 0; at < 50; at++) {
      await vi.advanceTimersByTimeAsync(100_000); // nobody waits
      const reading = source.read(new Uint8Array(10), at, never);
      await vi.advanceTimersByTimeAsync(999);
      stream!.enqueue(content.slice(at, at + 1));
      expect(await reading).toBe(1);
    }
    const failing = expect(source.read(new Uint8Array(10), 50, never)).rejects.toThrow(/did not answer on for 1000 ms/);
    await vi.advanceTimersByTimeAsync(1000);
    await failing;
  });

  it("between tries grows, is as long as the server says, and never longer than ten seconds", async () => {
    vi.useFakeTimers();
    const times: number[] = [];
    const after = ["", "", "3", "", "1000000", "x"];
    const standIn = async () => {
      const headers: HeadersInit = after[times.length] ? { "retry-after": after[times.length]! } : {};
      times.push(Date.now());
      return new Response("no", { status: 503, headers });
    };
    const failing = expect(urlSource("http://127.0.0.1/", { fetch: standIn, retries: 9, pause: 100 })).rejects.toThrow(
      /10 tries/,
    );
    await vi.runAllTimersAsync();
    await failing;
    const pauses = times.slice(1).map((time, i) => time - times[i]!);
    expect(pauses).toEqual([100, 200, 3000, 800, 10_000, 3200, 6400, 10_000, 10_000]);
  });
});

describe("one byte at a time", () => {
  it("is a file like any other", async () => {
    const server = await serve(numbered(300), { writes: [1] });
    const source = await open(server.url, { first: 100 });
    expect((await readOn(source)).bytes).toEqual(numbered(300));
    expect(source.stats.retries).toBe(0);
  });
});

describe("what a browser hides of another origin", () => {
  /** Answers as a browser shows them: those of another origin without what the server does not expose. */
  function foreign(url: string, init: RequestInit, hidden: string[]): Promise<Response> {
    return fetch(url, init).then((response) => {
      const headers = new Headers(response.headers);
      for (const name of hidden) headers.delete(name);
      const shown = new Response(response.body, { status: response.status, headers });
      Object.defineProperty(shown, "type", { value: "cors" });
      return shown;
    });
  }

  it("is no harm where Content-Range is exposed; If-Range, which would be asked leave for, is not sent", async () => {
    const server = await serve(content);
    const source = await open(server.url, { first: 1000, fetch: (url, init) => foreign(url, init, ["etag"]) });
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
    expect(source.seekable).toBe(true);
    expect(server.requests.some(({ ifRange }) => ifRange !== undefined)).toBe(false);
  });

  it("and Content-Range among it: the file is read in order, and says why", async () => {
    const server = await serve(content);
    const source = await open(server.url, { fetch: (url, init) => foreign(url, init, ["etag", "content-range"]) });
    expect(source).toMatchObject({ seekable: false, size: undefined });
    expect(source.why).toMatch(/does not expose Content-Range to other origins \(Access-Control-Expose-Headers\)/);
    expect(difference((await readOn(source)).bytes, content)).toBeUndefined();
    expect(server.requests.map(({ range }) => range)).toEqual(["bytes=0-65535", undefined]);
  });

  it("and everything in the mode no-cors, which is of no use", async () => {
    const opaque = async () => {
      const response = Response.error();
      Object.defineProperty(response, "type", { value: "opaque" });
      return response;
    };
    await expect(open("http://127.0.0.1/", { fetch: opaque })).rejects.toBeInstanceOf(Unsupported);
  });
});

describe("any drops, writes and reads", () => {
  const arena = debugArena();
  afterAll(() => arena.close());
  const numbers = (max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 5 });

  it("give the same, bit for bit", async () => {
    const shape = fc.record({
      length: fc.nat(4000),
      drops: fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 6000 })), {
        minLength: 1,
        maxLength: 6,
      }),
      writes: numbers(2000),
      atMost: fc.option(fc.integer({ min: 200, max: 3000 }), { nil: undefined }),
      first: fc.integer({ min: 1, max: 3000 }),
      readBytes: fc.integer({ min: 100, max: 700 }),
      hidesTotal: fc.boolean(),
      hidesLength: fc.boolean(),
      exact: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ length, drops, first, readBytes, exact, atMost, ...sins }) => {
        const content = numbered(length);
        const server = await hostileServer(content, {
          ...sins,
          ...(atMost === undefined ? {} : { atMost }),
          dropsAfter: [...drops, 10_000],
        });
        const source = await urlSource(server.url, { first, exact, pause: 0 });
        const flow = arena.open(source, { element: "u8", capacity: 2048, maxWindow: 700, readBytes });
        const { bytes, fault } = await drain(flow);
        await flow.close();
        await server.close();
        expect(fault).toBeUndefined();
        expect(difference(bytes, content)).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });

  it("at once, give the same, bit for bit", async () => {
    const content = numbered(20_000);
    const reads = fc.array(fc.tuple(fc.nat(19_000), numbers(900)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(reads, numbers(5000), numbers(3000), fc.boolean(), async (reads, drops, writes, exact) => {
        const server = await hostileServer(content, { dropsAfter: [...drops, 100_000], writes });
        const source = await urlSource(server.url, { first: 500, exact, pause: 0, retries: 9 });
        const one = async (position: number, length: number) => {
          const into = new Uint8Array(length);
          const some = await source.read(into, position, new AbortController().signal);
          const wanted = content.subarray(position, position + some);
          expect(difference(into.subarray(0, some), wanted)).toBeUndefined();
          expect(some).toBeGreaterThan(0);
        };
        await Promise.all(
          reads.flatMap(([position, lengths]) => {
            let at = position;
            return lengths.map((length) => {
              const from = at;
              at += length;
              return from < content.length ? one(from, length) : undefined;
            });
          }),
        );
        source.close();
        await server.close();
      }),
      { numRuns: 25 },
    );
  });
});
