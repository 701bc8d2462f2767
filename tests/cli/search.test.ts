import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Client, Crew, type Helper } from "../../src/cli/scan/crew.js";
import type { Desk } from "../../src/cli/scan/desk.js";
import { Hand } from "../../src/cli/scan/hand.js";
import { Plan } from "../../src/cli/scan/plan.js";
import type { Form, Report } from "../../src/cli/scan/report.js";
import { compileScan, Room } from "../../src/cli/scan/room.js";
import { longestLine, Search } from "../../src/cli/scan/search.js";
import type { News, Setup, Task } from "../../src/cli/scan/task.js";
import { naive, naiveLine } from "./oracle.js";

interface Found {
  at: number;
  line: string;
  cut: boolean;
}

const scanModule = compileScan();

/** A search whose matches come one by one into `found`. */
function open(literal: string, capacity: number, wish: number) {
  const room = new Room(scanModule, Buffer.from(literal, "latin1"), capacity);
  const memory = Buffer.from(room.bytes.buffer);
  const found: Found[] = [];
  const report: Report = {
    lines: true,
    enough: false,
    begin() {},
    match: (at, address, length, cut) =>
      found.push({ at, line: memory.toString("latin1", address, address + length), cut }),
    end() {},
  };
  return { found, search: new Search(room, longestLine(wish, capacity, literal.length), report) };
}

/** Reads a text to its end, at most `most` bytes at once, and has it searched. */
function readThrough(search: Search, text: Buffer, most: number): void {
  const { tray } = search;
  for (let more = true; more; ) {
    const room = tray.view();
    const some = text.subarray(tray.end, tray.end + Math.min(most, search.wanted, room.length));
    room.set(some);
    tray.filled(some.length);
    more = search.look(some.length === 0) && some.length > 0;
  }
}

/** Searches the texts, one after the other in the same tray of `capacity` bytes. */
function searchAll(texts: readonly string[], literal: string, capacity: number, wish: number, most: number): Found[][] {
  const { found, search } = open(literal, capacity, wish);
  return texts.map((text) => {
    search.begin();
    readThrough(search, Buffer.from(text, "latin1"), most);
    expect(search.matches).toBe(found.length);
    return found.splice(0);
  });
}

function expected(text: string, literal: string, capacity: number, wish: number): Found[] {
  const most = longestLine(wish, capacity, literal.length);
  return naive(text, literal).map((at) => ({ at, ...naiveLine(text, at, most) }));
}

const fromFew = (characters: string, most: number) =>
  fc.array(fc.constantFrom(...characters), { maxLength: most }).map((parts) => parts.join(""));

const someLiteral = fromFew("aab\n", 6).filter((literal) => literal.length > 0);

describe("the search", () => {
  it("answers as a naive one does in every tray from the literal's length on", () => {
    const text = `${"ab\naab\n\nabaab no newline in a long line abab aab\nab\n".repeat(4)}the end: aab`;
    for (const literal of ["a", "ab", "aab", "b\na", "\n", "\n\n", "the end: aab", "newline in a long line"]) {
      const primes = [79, 97, 113, 151, 211, 307];
      const sizes = [...Array.from({ length: 71 }, (_, i) => literal.length + i), ...primes];
      for (const capacity of sizes.filter((size) => size >= literal.length)) {
        expect(searchAll([text], literal, capacity, 64, 1000)[0], `${literal} in ${capacity}`).toEqual(
          expected(text, literal, capacity, 64),
        );
      }
    }
  });

  it("answers as a naive one does for random texts, literals, trays and reads", () => {
    fc.assert(
      fc.property(
        fc.array(fromFew("aab\n", 300), { minLength: 1, maxLength: 3 }),
        someLiteral,
        fc.nat(120),
        fc.nat(60),
        fc.integer({ min: 1, max: 100 }),
        (texts, literal, more, wish, most) => {
          const capacity = literal.length + more;
          expect(searchAll(texts, literal, capacity, wish, most)).toEqual(
            texts.map((text) => expected(text, literal, capacity, wish)),
          );
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("finds literals that overlap themselves once for each place", () => {
    expect(searchAll(["aaaaaaaaaaa"], "aaaa", 5, 0, 3)[0]?.map(({ at }) => at)).toEqual([0, 4]);
  });

  it("finds in a piece what begins in it, with the lines around", () => {
    fc.assert(
      fc.property(
        fromFew("abc\n", 200),
        fc.constantFrom("ab", "a\n", "abc", "c"),
        fc.nat(40),
        fc.nat(200),
        fc.nat(100),
        fc.integer({ min: 1, max: 100 }),
        (text, literal, wish, from, length, most) => {
          const { found, search } = open(literal, 200, wish);
          search.beginPiece(from, from + length);
          readThrough(search, Buffer.from(text, "latin1"), most);
          const all = expected(text, literal, 200, wish).filter(({ at }) => at >= from && at < from + length);
          expect(found).toEqual(all);
          expect([search.matches, search.first]).toEqual([all.length, all[0]?.at ?? -1]);
          expect(search.end).toBe(all.length > 0 ? all.at(-1)!.at + literal.length : -1);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("counts offsets beyond 4 GiB", () => {
    const literal = "needle";
    const end = 2 ** 32 + 12_345;
    const { found, search } = open(literal, 2 ** 20, 100);
    const { tray } = search;
    search.begin();
    // What is not written stays as it was: zeros that cost nothing.
    for (; tray.end < end; search.look(false)) tray.filled(Math.min(tray.free, end - tray.end));
    tray.view().set(Buffer.from(literal));
    tray.filled(literal.length);
    expect(search.look(true)).toBe(false);
    expect(found).toEqual([{ at: end, line: `${"\0".repeat(50)}needle`, cut: true }]);
  });
});

describe("the crew", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "forebay-crew-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A helper on this very thread, which does its tasks and is heard whenever `chance` has it so. */
  function helper(
    setup: Setup,
    thread: number,
    desk: Desk,
    onNews: (news: News) => void,
    chance: () => boolean,
  ): Helper {
    const told: News[] = [];
    let working = Promise.resolve();
    const turn = async () => {
      do await new Promise((resolve) => setImmediate(resolve));
      while (chance());
    };
    const hear = async () => {
      await turn();
      for (const news of told.splice(0, chance() ? 1 : told.length)) onNews(news);
      if (told.length > 0) void hear();
    };
    const hand = new Hand(scanModule, setup, desk, thread, (news) => {
      told.push(structuredClone(news));
      void hear();
    });
    return {
      post: (task: Task) => {
        working = working.then(turn).then(() => hand.perform(structuredClone(task)));
      },
      poll: () => (chance() ? told.shift() : undefined),
    };
  }

  /** What so many threads print for these files, with pieces of so many bytes. */
  async function scan(
    names: string[],
    options: Partial<Setup> & { threads: number; piece: number; literal: Buffer; chances: boolean[] },
  ) {
    const { threads, piece, literal, chances } = options;
    const capacity = 4096;
    const maxLine = longestLine(options.maxLine ?? 30, capacity, literal.length);
    const plan = new Plan({ threads, cores: 2, pieceBytes: piece, capacity, maxLine, literalBytes: literal.length });
    const setup: Setup = {
      form: "lines",
      json: false,
      sort: true,
      prompt: false,
      ...options,
      literal,
      capacity,
      maxLine,
      pieceBytes: plan.pieceBytes,
    };
    let lines = "";
    const complaints: string[] = [];
    const client: Client = {
      print: (some) => {
        lines += Buffer.from(some).toString("latin1");
      },
      complain: (path) => complaints.push(path),
      ended: () => {},
      tick: () => undefined,
    };
    let asked = 0;
    const chance = () => chances[asked++ % chances.length] ?? false;
    const start = async () => (thread: number, desk: Desk, onNews: (news: News) => void) =>
      helper(setup, thread, desk, onNews, chance);
    const crew = new Crew(scanModule, setup, plan, client, start);
    await crew.walk([{ prefix: `${folder}/`, names, kinds: names.map(() => "file"), system: undefined }]);
    return { lines, complaints, standing: crew.standing };
  }

  const anyRun = fc.record({
    // Runs of one letter, so that matches go on across the borders of pieces.
    texts: fc.array(
      fc
        .array(fc.constantFrom("a", "aa", "aaaaa", "b", "ab", "\n"), { minLength: 20, maxLength: 120, size: "max" })
        .map((parts) => parts.join("")),
      { minLength: 1, maxLength: 4 },
    ),
    literal: fc.constantFrom("a", "aa", "aaa", "aba", "ab\na", "\n"),
    threads: fc.integer({ min: 2, max: 4 }),
    piece: fc.integer({ min: 1, max: 60 }),
    maxLine: fc.nat(40),
    form: fc.constantFrom<Form>("lines", "objects", "counts", "paths"),
    json: fc.boolean(),
    chances: fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }).map((chances) => [...chances, false]),
  });

  it("prints with any number of threads, in any pieces, what one prints", async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, fc.boolean(), async ({ texts, literal, threads, ...rest }, sort) => {
        texts.forEach((text, i) => writeFileSync(join(folder, `file${i}`), text, "latin1"));
        const names = [...texts.map((_, i) => `file${i}`), "missing"];
        const options = { ...rest, sort, literal: Buffer.from(literal, "latin1") };
        const alone = await scan(names, { ...options, threads: 1 });
        const together = await scan(names, { ...options, threads });
        const order = (text: string) => (sort ? text : text.split("\n").sort().join("\n"));
        expect(order(together.lines)).toBe(order(alone.lines));
        expect(together.complaints).toEqual(alone.complaints);
        expect({ ...together.standing, bytes: 0 }).toEqual({ ...alone.standing, bytes: 0 });
        if (rest.form !== "paths") expect(together.standing.bytes).toBe(alone.standing.bytes);
      }),
      { numRuns: 200 },
    );
  });

  it("prints a file's matches in their order, sorted or not", async () => {
    writeFileSync(join(folder, "one"), "needle\n".repeat(500));
    const literal = Buffer.from("needle");
    const { lines } = await scan(["one"], {
      sort: false,
      threads: 3,
      piece: 64,
      literal,
      chances: [true, false, false, true, true],
    });
    const offsets = [...lines.matchAll(/:(\d+)\t/g)].map(([, digits]) => Number(digits));
    expect(offsets).toEqual(Array.from({ length: 500 }, (_, i) => 7 * i));
  });
});
