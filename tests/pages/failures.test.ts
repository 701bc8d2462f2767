/** What goes wrong: errors of the source, sources that change, nonsense, and wrong arguments. */
import { afterAll, describe, expect, it } from "vitest";
import { Fault, type Source } from "../../src/index.js";
import { openPages } from "../../src/pages.js";
import { builds, debugArena, faultFrom, numbered, turns } from "../flow/support.js";
import { CountingSource, faultOf, same, shown, windowOf } from "./support.js";

const arena = debugArena();
afterAll(() => arena.close());

const content = numbered(4096);
const small = { element: "u8", pageBytes: 16, cacheBytes: 16 * 64, readAhead: 0 } as const;

describe("an error in the middle of a request", () => {
  it.each(["sync", "async"] as const)("fails only what it concerns, and can be tried again (%s)", async (mode) => {
    const source = new CountingSource(content, { sync: true, delays: [0] });
    const pages = openPages(arena, source, { ...small, mode });
    const broken = new Error("a scratch");
    source.broken.set(40, broken);
    const places = [0, 16, 33, 48, 64].map((position) => ({ position, frames: 8 }));
    const answers = await pages.readyAll(places);
    const fault = faultOf(answers[2]!);
    expect([fault.code, fault.facts, fault.cause]).toEqual(["source-failed", { position: 40 }, broken]);
    for (const at of [0, 1, 3, 4]) {
      const { position } = places[at]!;
      expect(shown(answers[at]!)).toEqual([...content.subarray(position, position + 8)]);
    }
    expect(faultOf(await pages.ready(30, 11)).code).toBe("source-failed");
    source.broken.clear();
    expect(shown(await pages.ready(30, 40))).toEqual([...content.subarray(30, 70)]);
    expect(pages.stats.held).toBe(0);
    await pages.close();
  });

  it("is told to whoever looks for what was sent for without waiting, once", async () => {
    const source = new CountingSource(content, { delays: [0] });
    const pages = openPages(arena, source, small);
    source.broken.set(40, new Error("a scratch"));
    expect(pages.window(36, 20).state).toBe("not-ready");
    await turns(3);
    expect(faultOf(pages.window(36, 20)).code).toBe("source-failed");
    source.broken.clear();
    expect(pages.window(36, 20).state).toBe("not-ready");
    await turns(3);
    expect(shown(pages.window(36, 20))).toEqual([...content.subarray(36, 56)]);
    await pages.close();
  });

  it("of what was read ahead is nobody's, until it is asked for", async () => {
    const source = new CountingSource(content);
    const pages = openPages(arena, source, { ...small, readAhead: 256 });
    source.broken.set(2000, new Error("a scratch"));
    for (let at = 0; at < 1984; at += 16) expect(shown(await pages.ready(at, 16)).length).toBe(16);
    expect(faultOf(await pages.ready(1984, 32)).facts).toEqual({ position: 2000 });
    await pages.close();
  });
});

describe("a source that answers nonsense", () => {
  it.each([-1, 17.5, 1e9, Number.NaN, undefined, "3"])("such as %s fails the request", async (answer) => {
    for (const mode of ["sync", "async"] as const) {
      const nonsense = () => answer as number;
      const source: Source = { seekable: true, read: nonsense, readSync: nonsense };
      const pages = openPages(arena, source, { ...small, mode });
      const fault = faultOf(await pages.ready(3, 1));
      expect([fault.code, fault.facts]).toEqual(["source-failed", { position: 0 }]);
      await pages.close();
    }
  });
});

describe("a source that changed", () => {
  it("fails everything from then on, and what is held stays as it was", async () => {
    const source = new CountingSource(content, { delays: [0], parallel: 2 });
    const pages = openPages(arena, source, small);
    const held = windowOf(await pages.ready(0, 20));
    const before = [...held.data];
    const changed = new Fault("source-changed", "It has another tag.");
    source.broken.set(512, changed);
    const waits = [pages.ready(512, 4), pages.ready(1000, 4), pages.ready(2000, 4)];
    for (const answer of await Promise.all(waits)) expect(faultOf(answer)).toBe(changed);
    source.broken.clear();
    for (const position of [0, 512, 3000]) {
      expect(faultOf(pages.window(position, 1))).toBe(changed);
      expect(faultOf(await pages.ready(position, 1))).toBe(changed);
      pages.prefetch(position, 1);
    }
    expect(pages.fault).toBe(changed);
    await turns(2);
    expect([...held.data]).toEqual(before);
    held.release();
    await pages.close();
    expect(arena.used).toBe(0);
  });

  it("is found out by its end, where it shrinks and nobody else says so", async () => {
    for (const mode of ["sync", "async"] as const) {
      const source = new CountingSource(content, { sync: true, size: null });
      const pages = openPages(arena, source, { ...small, mode, cacheBytes: 64 });
      shown(await pages.ready(2000, 4));
      source.content = content.subarray(0, 1000);
      shown(await pages.ready(0, 60));
      const fault = faultOf(await pages.ready(1500, 4));
      expect([fault.code, fault.facts]).toEqual(["source-changed", { position: 1488, before: 2016 }]);
      expect(faultOf(await pages.ready(0, 4)).code).toBe("source-changed");
      await pages.close();
    }
  });

  it("to be longer is read up to its end as it was", async () => {
    const source = new CountingSource(content.subarray(0, 1001));
    const pages = openPages(arena, source, { ...small, cacheBytes: 64 });
    expect(shown(await pages.ready(990, 20)).length).toBe(11);
    source.content = content;
    shown(await pages.ready(0, 60));
    expect(shown(await pages.ready(990, 20))).toEqual([...content.subarray(990, 1001)]);
    await pages.close();
  });
});

describe("a secret in secure pages", () => {
  it("is nowhere in the memory once they are closed", async () => {
    // The debug build poisons what is released, which would hide what is left.
    const plain = builds[0]!.makeArena();
    const secret = new TextEncoder().encode("correct horse battery staple");
    const bytes = new Uint8Array(50 * secret.length);
    for (let at = 0; at < bytes.length; at += secret.length) bytes.set(secret, at);
    const isThere = () => {
      const memory = new Uint8Array(plain.memory.buffer);
      for (let at = memory.indexOf(secret[0]!); at >= 0; at = memory.indexOf(secret[0]!, at + 1)) {
        if (same(memory.subarray(at, at + 7), secret.subarray(0, 7))) return true;
      }
      return false;
    };
    for (const delays of [[-1], [1]]) {
      const source = new CountingSource(bytes, { delays });
      const pages = openPages(plain, source, {
        element: "u8",
        pageBytes: 16,
        cacheBytes: 256,
        secure: true,
        offset: 3,
      });
      for (const page of [3, 1, 0, 2, 9, 20, 40]) shown(await pages.ready(page * 16, 16));
      shown(await pages.ready(0, 100));
      windowOf(await pages.ready(500, 90));
      pages.prefetch(900, 40);
      expect(isThere()).toBe(true);
      await pages.close();
      expect(isThere()).toBe(false);
    }
    plain.close();
  });
});

describe("wrong arguments", () => {
  it("are refused with what is possible", async () => {
    const source = new CountingSource(content);
    const open =
      (options: object, over: Source = source) =>
      () =>
        openPages(arena, over, { ...small, ...options });
    await faultFrom(open({}, { read: () => 0 }), "not-seekable");
    await faultFrom(open({ pageBytes: 15 }), "bad-argument");
    await faultFrom(open({ pageBytes: 48 }), "bad-argument");
    await faultFrom(open({ cacheBytes: 31 }), "bad-argument");
    await faultFrom(open({ cacheBytes: 2 ** 30 }), "no-room");
    await faultFrom(open({ channels: 0 }), "bad-argument");
    await faultFrom(open({ offset: -1 }), "bad-argument");
    await faultFrom(open({ readBytes: 0 }), "bad-argument");
    await faultFrom(open({ mode: "sync" }), "unsupported");
    expect(arena.used).toBe(0);
    const pages = openPages(arena, source, small);
    await faultFrom(() => pages.window(-1, 1), "bad-position");
    await faultFrom(() => pages.window(0.5, 1), "bad-position");
    await faultFrom(() => pages.window(Number.MAX_SAFE_INTEGER, 2), "bad-position");
    await faultFrom(() => pages.ready(0, 0), "bad-argument");
    await faultFrom(() => pages.readySync(0, 1), "unsupported");
    await faultFrom(() => pages.readyAll([{ position: 0, frames: -1 }]), "bad-argument");
    await pages.close();
    const both = openPages(arena, new CountingSource(content, { sync: true, delays: [1] }), {
      ...small,
      mode: "async",
    });
    both.prefetch(0, 4);
    await faultFrom(() => both.readySync(0, 4), "busy");
    expect(shown(both.readySync(100, 4))).toEqual([...content.subarray(100, 104)]);
    expect(shown(await both.ready(0, 4))).toEqual([...content.subarray(0, 4)]);
    both.closeSync();
    expect(arena.used).toBe(0);
  });
});
