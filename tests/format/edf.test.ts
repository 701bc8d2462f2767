import { describe, expect, it } from "vitest";
import { FormatFault } from "../../src/formats.js";
import { bytesSource } from "../../src/index.js";
import { numbered } from "../flow/support.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { concat, latin1 } from "../support/bytes.js";
import { comings, facts, open, readAll, told } from "./support.js";

interface Signal {
  label: string;
  samples: number;
  unit?: string;
  physical?: [number, number];
  digital?: [number, number];
}

const pad = (value: string | number, length: number) => latin1(String(value).padEnd(length));

/** A header of EDF or BDF. */
function header(signals: readonly Signal[], { plus = "", records = 3, seconds = 1, bdf = false, recording = "" } = {}) {
  const each = (length: number, field: (signal: Signal) => string | number) =>
    concat(signals.map((signal) => pad(field(signal), length)));
  return concat([
    bdf ? concat([Uint8Array.of(255), latin1("BIOSEMI")]) : pad("0", 8),
    pad("X", 80),
    pad(recording, 80),
    pad("23.11.26", 8),
    pad("08.30.15", 8),
    pad(256 * (signals.length + 1), 8),
    pad(plus, 44),
    pad(records, 8),
    pad(seconds, 8),
    pad(signals.length, 4),
    each(16, ({ label }) => label),
    each(80, () => "AgAgCl"),
    each(8, ({ unit }) => unit ?? "uV"),
    each(8, ({ physical }) => physical?.[0] ?? -100),
    each(8, ({ physical }) => physical?.[1] ?? 100),
    each(8, ({ digital }) => digital?.[0] ?? -2000),
    each(8, ({ digital }) => digital?.[1] ?? 2000),
    each(80, () => ""),
    each(8, ({ samples }) => samples),
    each(32, () => ""),
  ]);
}

/** A list of annotations as a signal of `samples` samples. */
function texts(samples: number, lists: readonly string[], bytes = 2): Uint8Array {
  const all = new Uint8Array(samples * bytes);
  all.set(latin1(lists.map((list) => `${list}\0`).join("")));
  return all;
}

const a = { label: "A", samples: 4 };
const b = {
  label: "B",
  samples: 4,
  unit: "mV",
  physical: [0, 10] as [number, number],
  digital: [0, 1000] as [number, number],
};
const slow = { label: "slow", samples: 1 };
const notes = { label: "EDF Annotations", samples: 30 };

/** Frames of records of A, slow, B as they are stored. */
const records = [0, 1, 2].map((index) => numbered(2 * 9, index));
const frames = concat(
  records.flatMap((record) =>
    [0, 1, 2, 3].flatMap((frame) => [
      record.subarray(frame * 2, frame * 2 + 2),
      record.subarray(10 + frame * 2, 12 + frame * 2),
    ]),
  ),
);

describe("EDF files", () => {
  for (const [coming, source] of Object.entries(comings)) {
    it(`give the frames of the rate that most signals have, ${coming}`, async () => {
      const recording = await open(source(concat([header([a, slow, b]), ...records])));
      expect(facts(recording)).toMatchObject({
        format: "edf",
        sampleFormat: "s16",
        channels: 2,
        frameBytes: 4,
        rate: 4,
        frames: 12,
        startTime: Date.UTC(2026, 10, 23, 8, 30, 15),
        labels: ["A", "B"],
        units: ["uV", "mV"],
        scale: [
          { factor: 0.05, offset: 0 },
          { factor: 0.01, offset: 0 },
        ],
        warnings: ["Signals of other rates are left out: slow (1 Hz)."],
      });
      for (const lengths of [[4096], [1], [3, 5, 4], [7]]) {
        const again = await open(source(concat([header([a, slow, b]), ...records])));
        expect(await readAll(again.source, lengths)).toEqual(frames);
      }
      expect(recording.source.size).toBe(48);
    });

    it(`tell of gaps and annotations, ${coming}`, async () => {
      const plain = numbered(8);
      const recordsOf = [
        ["+0.5\x14\x14", "+0.75\x150.5\x14first\x14"],
        ["+1.5\x14\x14", "+9.25\x14later\x14"],
        ["+9\x14\x14", "+0.6\x14long past\x14both\x14"],
      ].map((lists) => concat([plain, texts(30, lists)]));
      const file = concat([header([a, notes], { plus: "EDF+D", records: -1 }), ...recordsOf]);
      const recording = await open(source(file));
      const start = Date.UTC(2026, 10, 23, 8, 30, 15) + 500;
      expect(facts(recording)).toMatchObject({ format: "edf+d", startTime: start, rate: 4 });
      expect(await readAll(recording.source, [6])).toEqual(concat([plain, plain, plain]));
      expect(recording.frames).toBe(12);
      const mark = (position: number, text: string, onset: number, more = {}) => ({
        kind: "mark",
        position,
        value: { kind: "annotation", text, details: { onset, ...more }, ...("duration" in more && { frames: 2 }) },
      });
      expect(told(recording.source)).toEqual([
        mark(2, "first", 0.75, { duration: 0.5 }),
        { kind: "gap", position: 16, lost: 26 * 2, cause: "record time", time: start + 8500 },
        mark(16, "long past", 0.6),
        mark(16, "both", 0.6),
        mark(18, "later", 9.25),
      ]);
    });

    it(`that end within a record give what is whole, ${coming}`, async () => {
      const cut = concat([header([a], { records: 5 }), numbered(8), numbered(8), numbered(3)]);
      const recording = await open(source(cut));
      expect(await readAll(recording.source)).toEqual(concat([numbered(8), numbered(8)]));
      expect(recording.frames).toBe(8);
      expect(recording.warnings).toEqual([
        "The header tells of 5 data records; the file has 2 of them.",
        "The file ends within a data record: its last 3 bytes are left out.",
      ]);
    });
  }

  it("may be BDF, of 24 bits", async () => {
    const record = numbered(3 * 8);
    const file = concat([header([a, { ...b, samples: 4 }], { bdf: true, records: 1, plus: "24BIT" }), record]);
    const recording = await open(bytesSource(file));
    expect(facts(recording)).toMatchObject({ format: "bdf", sampleFormat: "s24", frameBytes: 6 });
    const wanted = [0, 1, 2, 3].flatMap((frame) => [
      record.subarray(frame * 3, frame * 3 + 3),
      record.subarray(12 + frame * 3, 15 + frame * 3),
    ]);
    expect(await readAll(recording.source, [5, 13])).toEqual(concat(wanted));
  });

  it("can be read from anywhere, and at another rate", async () => {
    const file = concat([header([a, slow, b]), ...records]);
    const { source } = await open(bytesSource(file));
    const into = new Uint8Array(4);
    for (const frame of [11, 0, 5, 4, 8]) {
      expect(source.readSync!(into, frame * 4)).toBe(4);
      expect(into).toEqual(frames.subarray(frame * 4, frame * 4 + 4));
    }
    expect(source.readSync!(into, 48)).toBe(0);
    const other = await open(chunkedSource(file, [9]), { edf: { rate: 1 } });
    expect(await readAll(other.source)).toEqual(concat(records.map((record) => record.subarray(8, 10))));
    await expect(open(bytesSource(file), { edf: { rate: 3 } })).rejects.toThrow(
      "signals of 3 Hz, found those of 4, 1 Hz",
    );
  });

  it("have their year in EDF+'s other place", async () => {
    const recording = "Startdate 23-NOV-1999 X X X";
    const file = concat([header([a], { recording, plus: "EDF+C" }), numbered(24)]);
    expect(await open(bytesSource(file))).toMatchObject({
      format: "edf+c",
      startTime: Date.UTC(1999, 10, 23, 8, 30, 15),
    });
  });

  const whole = concat([header([a, b]), numbered(48)]);
  const changed = (at: number, text: string) => {
    const copy = whole.slice();
    copy.set(latin1(text), at);
    return copy;
  };

  it("cut anywhere in front of their records say so", async () => {
    for (let length = 0; length < 768; length += 7) {
      for (const source of [bytesSource(whole.subarray(0, length)), chunkedSource(whole.subarray(0, length), [50])]) {
        const fault = await open(source, { format: "edf" }).then(
          () => undefined,
          (error) => error,
        );
        expect(fault).toBeInstanceOf(FormatFault);
        expect(fault.offset).toBeLessThanOrEqual(length);
      }
    }
  });

  it.each([
    [changed(0, "1"), 'at byte 0: expected the version "0" of EDF, or that of BDF, found "1       ".'],
    [changed(184, "512 "), 'at byte 184: expected 768 bytes of a header of 2 signals, found "512     ".'],
    [changed(236, "-2"), 'at byte 236: expected a number of data records, or -1, found "-2      ".'],
    [changed(244, "x"), 'at byte 244: expected the seconds of a data record, found "x       ".'],
    [changed(252, "0"), 'at byte 252: expected the number of signals, from 1 to 4096, found "0   ".'],
    [changed(256 + 2 * 216, "99999999"), "at byte 688: expected samples in a data record, from 0 to 67108864, found"],
    [changed(256 + 2 * 216, "0       0       "), "at byte 688: expected samples in a data record, found"],
    [changed(256 + 2 * 104, "?"), 'at byte 464: expected a number, found "?100    ".'],
  ])("that say nonsense are refused: %#", async (content, words) => {
    const fault = await open(bytesSource(content), { format: "edf" }).then(
      () => undefined,
      (error) => error,
    );
    expect(fault).toBeInstanceOf(FormatFault);
    expect(fault.message).toContain(words);
  });

  it("warn of signals without a range, of overlaps, and of records that are not told of", async () => {
    const flat = { ...a, digital: [5, 5] as [number, number] };
    const back = [["+0\x14\x14"], ["+0.5\x14\x14"]].map((lists) => concat([numbered(8), texts(30, lists)]));
    const recording = await open(
      bytesSource(concat([header([flat, notes], { plus: "EDF+D", records: 1 }), ...back, ...back])),
    );
    expect(recording.scale).toEqual([{ factor: 1, offset: 0 }]);
    expect(recording.warnings).toEqual([
      'The signal "A" has no range that its numbers could be scaled by: they are left as they are.',
      "The header tells of 1 data records; 3 more are left out.",
    ]);
    const two = await open(bytesSource(concat([header([a, notes], { plus: "EDF+D", records: 2 }), ...back])));
    await readAll(two.source);
    expect(two.warnings).toEqual(["Data record 1 begins 2 samples before the one in front of it ends."]);
  });
});
