/** Signals over sources and operators that break their contracts, and signals that are closed, cancelled or held. */
import { describe, expect, it } from "vitest";
import { Arena, bytesSource, Fault } from "../../src/index.js";
import { openSignal, operator, type Signal, signalOver } from "../../src/signal.js";
import type { Source, SourceEvent } from "../../src/source/source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { faultOf } from "../support/fault.js";
import { lossySource } from "./lossy.js";
import { everyNth, later, opened, plain, repeat, same, sums } from "./plain.js";

const numbers = (frames: number) => new Uint8Array(new Float32Array(frames).map((_, at) => at).buffer);

/** A source of 100 frames that tells these events before it gives the byte that is `when` of each. */
function telling(events: readonly (SourceEvent & { readonly when?: number })[]): Source {
  const left = [...events];
  const content = numbers(100);
  let known = 0;
  const readSync = (into: Uint8Array, position: number): number => {
    // Ten frames a read.
    const count = Math.min(into.length, 40, content.length - position);
    into.set(content.subarray(position, position + count));
    known = count === 0 ? Number.POSITIVE_INFINITY : position + count;
    return count;
  };
  const take = () => {
    const [event] = left;
    return event && (event.when ?? event.position) <= known ? left.shift() : undefined;
  };
  return { name: "the liar", immediate: true, events: { take }, readSync, read: readSync };
}

const gap = (position: number, lost = 4, when = position) => ({
  kind: "gap" as const,
  position,
  lost,
  cause: "lie",
  when,
});

/** What was seen before the fault, and the fault. */
function seenOf(signal: Signal<"f32">, size = 7): { frames: number[]; fault: Fault | undefined } {
  const frames: number[] = [];
  try {
    signal.eachSync({ size }, (window) => void frames.push(...window.data));
    return { frames, fault: undefined };
  } catch (error) {
    if (error instanceof Fault) return { frames, fault: error };
    throw error;
  }
}

const upTo = (end: number) => Array.from({ length: end }, (_, at) => at);

describe("a source that tells what cannot be", () => {
  it.each([
    ["a gap behind a later one", [gap(80), gap(40, 4, 80)], undefined, "behind one at frame 20"],
    [
      "a mark behind a later gap",
      [gap(80), { kind: "mark", position: 40, value: 1, when: 81 } as const],
      undefined,
      "a mark at byte 40",
    ],
    ["a gap within a frame, behind another gap", [gap(80), gap(201)], 50, "before byte 201"],
    ["a gap within a frame", [gap(41)], 10, "before byte 41, where frames have 4 bytes"],
    ["a loss of half a frame", [gap(40, 6)], 10, "a gap of 6 bytes"],
    ["a loss of less than nothing", [gap(40, -4)], 10, "a gap of -4 bytes"],
    ["a loss without a number", [gap(40, Number.NaN)], 10, "a gap of NaN bytes"],
    ["a gap before the first byte", [gap(-4, 4, 80)], undefined, "at byte -4"],
    ["a gap whose frames were read", [gap(40, 4, 200)], undefined, "whose frame was read before"],
    ["a gap that is no number", [gap(Number.NaN, 4, 80)], undefined, "at byte NaN"],
  ])("fails where that begins: %s", (_, events, before, message) => {
    for (const way of ["straight", "through an operator"]) {
      const arena = Arena.createSync();
      const opened = openSignal(arena, telling(events), { element: "f32" });
      const signal = way === "straight" ? opened : (opened.through(same()) as Signal<"f32">);
      const { frames, fault } = seenOf(signal);
      expect(fault?.code).toBe("source-failed");
      expect(fault?.message).toContain(message);
      expect(frames).toEqual(upTo(frames.length));
      if (before !== undefined) expect(frames.length).toBe(before);
      signal.closeSync();
    }
  });

  it("fails in every way to look", async () => {
    const open = () => openSignal(Arena.createSync(), telling([gap(41)]), { element: "f32" });
    const one = open();
    expect(one.readySync(11).state).toBe("failed");
    const rest = one.window(4);
    expect(rest.state).toBe("ready");
    if (rest.state === "ready") one.advance(10);
    const nothing = one.window(1);
    expect(nothing.state === "failed" && nothing.window.length).toBe(0);
    const frames: number[] = [];
    const windows = async () => {
      for await (const window of open().windows({ size: 7, hop: 9, tail: "zero" })) frames.push(...window.data);
    };
    await expect(windows()).rejects.toMatchObject({ code: "source-failed" });
    expect(frames).toEqual([0, 1, 2, 3, 4, 5, 6, 9, 0, 0, 0, 0, 0, 0]);
    const stretches = async () => {
      for await (const window of open()) expect(window.start + window.length).toBeLessThanOrEqual(10);
    };
    await expect(stretches()).rejects.toMatchObject({ code: "source-failed" });
    await expect(open().each({ size: 7 }, () => {})).rejects.toMatchObject({ code: "source-failed" });
  });

  it("fails when it fills in, too", () => {
    const late = openSignal(Arena.createSync(), telling([gap(40, 4, 200)]), { element: "f32", gaps: "hold" });
    const { frames, fault } = seenOf(late);
    expect(fault?.code).toBe("source-failed");
    expect(fault?.message).toContain("when it had given that");
    expect(frames).toEqual(upTo(frames.length));
    const half = openSignal(Arena.createSync(), telling([gap(40, 6)]), { element: "f32", gaps: "zero" });
    expect(seenOf(half).fault?.message).toContain("a gap of 6 bytes");
  });
});

describe("a failure", () => {
  it("comes behind all that came before it, through operators", () => {
    const source = errorInTheMiddle(numbers(100), 4 * 37);
    const opened = openSignal(Arena.createSync(), source, { element: "f32", mode: "sync" });
    const { frames, fault } = seenOf(opened.through(later(2, true)).through(same()) as Signal<"f32">);
    expect(frames).toEqual([0, 0, ...upTo(37)]);
    expect(fault?.code).toBe("source-failed");
    expect(fault?.cause).toMatchObject({ message: "the wire was cut" });
  });

  it("of an operator names it, and what it made can be read", () => {
    let taken = 0;
    const breaking = plain("the breaker", () => ({
      ...same().make(1),
      take(frame, put) {
        if (taken++ === 30) throw new Error("no more");
        put(frame);
      },
    }));
    const signal = openSignal(Arena.createSync(), telling([]), { element: "f32" }).through(breaking) as Signal<"f32">;
    const { frames, fault } = seenOf(signal);
    expect(frames).toEqual(upTo(30));
    expect(fault?.message).toBe(
      "the breaker failed at frame 30 of its input: no more. What came before can still be read.",
    );
    signal.closeSync();
  });

  it("is an operator's that makes more than it said", () => {
    const liar = plain("the liar", () => ({ ...same().make(1), most: () => 1 }));
    const signal = openSignal(Arena.createSync(), telling([]), { element: "f32" }).through(liar);
    expect(seenOf(signal as Signal<"f32">).fault?.message).toContain("the liar failed");
  });
});

describe("a signal that is refused", () => {
  it("leaves nothing behind", () => {
    const arena = Arena.createSync();
    const { used } = arena;
    const signal = openSignal(arena, telling([]), { element: "f32" });
    const open = arena.used;
    const refused = operator({
      name: "the refusing",
      open: () => {
        throw new Fault("bad-argument", "It takes u8.");
      },
    });
    expect(faultOf(() => signal.through(refused)).code).toBe("bad-argument");
    const before = opened.closed;
    expect(faultOf(() => signal.through(same(), { capacity: 10, maxWindow: 9 })).message).toContain(
      "18 frames or more, not 10",
    );
    expect(faultOf(() => signal.through(same(), { capacity: 2 ** 28 })).code).toBe("no-room");
    expect(opened.closed - before).toBe(2);
    expect(arena.used).toBe(open);
    signal.closeSync();
    expect(arena.used).toBe(used);
  });

  it("has no zeros before its first frame", () => {
    const signal = openSignal(Arena.createSync(), telling([]), { element: "f32" });
    const options = { size: 4, prime: "zero" as const };
    expect(() => signal.eachSync(options, () => {})).toThrow("nothing is put before its first frame");
  });

  it("is that of a promise in a loop", () => {
    for (const hop of [4, 9]) {
      const signal = openSignal(Arena.createSync(), telling([]), { element: "f32" });
      expect(() => signal.eachSync({ size: 4, hop }, async () => {})).toThrow("answered with a promise");
    }
  });

  it("cannot be sought or reopened behind an operator", async () => {
    const signal = openSignal(Arena.createSync(), telling([]), { element: "f32" }).through(same());
    expect(faultOf(() => signal.flow.seek(1000)).code).toBe("not-seekable");
    expect(faultOf(() => signal.flow.setWindow(3)).code).toBe("unsupported");
    await expect(signal.flow.reopen(bytesSource(numbers(1)))).rejects.toMatchObject({ code: "unsupported" });
  });
});

describe("closing", () => {
  it("while waiting ends the wait, and closes all the way up", async () => {
    const arena = Arena.createSync();
    const { used } = arena;
    const source = neverAnswers(numbers(5));
    const signal = openSignal(arena, source, { element: "f32" }).through(same()).through(repeat(2));
    const first = await signal.ready(10);
    expect(first.state).toBe("ready");
    const waiting = signal.ready(11);
    await Promise.resolve();
    await signal.close();
    await expect(waiting).rejects.toMatchObject({ code: "stale" });
    expect(source).toMatchObject({ aborts: 1, closes: 1 });
    expect(arena.used).toBe(used);
    expect(signal.closed).toBe(true);
    await signal.close();
  });

  it("of the arena ends signals, whose sources can still be closed", async () => {
    const arena = Arena.createSync();
    const source = neverAnswers(numbers(5));
    const signal = openSignal(arena, source, { element: "f32" }).through(same());
    const waiting = signal.ready(6);
    await Promise.resolve();
    arena.close();
    await expect(waiting).rejects.toMatchObject({ code: "stale" });
    await signal.close();
    expect(source.closes).toBe(1);
  });

  it("of the input fails what is made of it", async () => {
    const input = openSignal(Arena.createSync(), neverAnswers(numbers(5)), { element: "f32" });
    const signal = input.through(same());
    expect((await signal.ready(5)).state).toBe("ready");
    const waiting = signal.ready(6);
    await input.close();
    const answer = await waiting;
    expect(answer.state === "failed" && answer.fault.code).toBe("stale");
    expect(answer.state === "failed" && answer.window.length).toBe(5);
    await signal.close();
  });

  it("is refused at once while something reads, and works behind that", async () => {
    const signal = openSignal(Arena.createSync(), neverAnswers(numbers(5)), { element: "f32" }).through(same());
    await signal.ready(5);
    expect(faultOf(() => signal.closeSync()).code).toBe("busy");
    await signal.close();
  });
});

describe("waiting", () => {
  it("is ended by a signal or by cancel, and nothing is lost", async () => {
    const signal = openSignal(Arena.createSync(), neverAnswers(numbers(5)), { element: "f32" }).through(same());
    const controller = new AbortController();
    const waiting = signal.ready(6, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    const again = signal.ready(6);
    await Promise.resolve();
    signal.cancel();
    await expect(again).rejects.toMatchObject({ code: "cancelled" });
    expect((await signal.ready(5)).state).toBe("ready");
    await signal.close();
  });

  it("has no place for what must be read at once and cannot", () => {
    const signal = openSignal(Arena.createSync(), neverAnswers(numbers(5)), { element: "f32" }).through(same());
    expect(faultOf(() => signal.readySync(1)).code).toBe("unsupported");
    expect(signal.window(1).state).toBe("not-ready");
  });

  it("for room that holds keep is an error that says so", () => {
    const ring = { capacity: 8, maxWindow: 4, holds: 4 };
    const signal = openSignal(Arena.createSync(), telling([]), { element: "f32" }).through(same(), ring);
    for (let turn = 0; turn < 2; turn++) {
      const answer = signal.readySync(3);
      if (answer.state !== "ready") throw new Error(answer.state);
      answer.window.hold();
      signal.advance(3);
    }
    expect(faultOf(() => signal.readySync(4)).code).toBe("held");
  });
});

describe("the end", () => {
  it("of a stream without frames is one", async () => {
    for (const make of [() => same(), () => sums(3, 2, true), () => later(4, true)]) {
      const none = { channels: 1, stretches: [{ come: 0, lost: 9 }], marks: [], chunks: [1] };
      const signal = openSignal(Arena.createSync(), lossySource(none), { element: "f32" }).through(make());
      const answer = await signal.ready(1);
      expect(answer.state).toBe("ended");
      expect(answer.state === "ended" && answer.window.gap?.lost).toBe(make().name === "sums of 3 every 2" ? 4 : 9);
      expect([...signal.windowsSync({ size: 1 })]).toEqual([]);
      await signal.close();
    }
  });

  it("can be met within a body that advances by itself", () => {
    const signal = openSignal(Arena.createSync(), telling([gap(80)]), { element: "f32" });
    const starts: number[] = [];
    for (const window of signal.windowsSync({ size: 8 })) {
      starts.push(window.start);
      if (window.length === 8) signal.advance(3);
    }
    const behind = Array.from({ length: 26 }, (_, at) => 20 + 3 * at);
    expect(starts).toEqual([0, 3, 6, 9, 12, 15, ...behind]);
    expect(signal.position).toBe(100);
  });

  it("is not met by a loop that its visitor stops, nor by one that goes on", () => {
    const signal = openSignal(Arena.createSync(), telling([gap(80)]), { element: "f32" });
    const starts: number[] = [];
    signal.eachSync({ size: 8 }, (window) => {
      starts.push(window.start);
      return window.start < 16;
    });
    // The one that stopped it is not passed over.
    signal.eachSync({ size: 50 }, (window) => {
      starts.push(window.start);
      return false;
    });
    signal.eachSync({ size: 50, tail: "drop" }, (window) => void starts.push(window.start));
    expect(starts).toEqual([0, 8, 16, 16, 20]);
  });
});

describe("an operator over the same input twice", () => {
  it("works while it takes turns", () => {
    const flow = Arena.createSync().open(bytesSource(numbers(100)), { element: "f32" });
    const input = signalOver(flow);
    const one = input.through(everyNth(10), { capacity: 8, maxWindow: 4 });
    expect(one.readySync(4).state).toBe("ready");
    expect(one.input).toBe(input);
    one.closeSync();
    expect(input.closed).toBe(true);
  });
});
