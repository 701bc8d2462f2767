import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatFault } from "../../src/formats.js";
import { bytesSource, type Fault } from "../../src/index.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { numbered } from "../flow/support.js";
import { concat, latin1 } from "../support/bytes.js";
import { chunk, comings, extensible, facts, format, open, readAll, riff, told, u16, u32, u64 } from "./support.js";

const frames = numbered(24 * 10);

/** Formats by what a chunk says: name, chunk, bytes of a number. */
const plain = [
  ["u8", format(1, 2, 8000, 8)],
  ["s16", format(1, 2, 8000, 16)],
  ["s24", format(1, 2, 8000, 24)],
  ["s32", format(1, 2, 8000, 32)],
  ["f32", format(3, 2, 8000, 32)],
  ["f64", format(3, 2, 8000, 64)],
  ["s16", format(1, 2, 8000, 12)],
  ["s32", format(1, 2, 8000, 24, 4)],
  ["s16", extensible(1, 2, 8000, 16)],
  ["s24", extensible(1, 2, 8000, 24)],
  ["s32", extensible(1, 2, 8000, 24, 3, 4)],
  ["f32", extensible(3, 2, 8000, 32)],
  ["f64", concat([format(3, 2, 8000, 64), u16(0)])],
] as const;

const s16 = format(1, 1, 8000, 16);
const info = chunk("LIST", concat([latin1("INFO"), chunk("INAM", latin1("Title\0"))]));

describe("WAV files", () => {
  for (const [coming, source] of Object.entries(comings)) {
    it.each(plain)(`give what they have (%s), ${coming}`, async (sampleFormat, said) => {
      const file = riff([chunk("fmt ", said), chunk("data", frames)]);
      const recording = await open(source(file));
      const frameBytes = (Number(sampleFormat.slice(1)) / 8) * 2;
      expect(facts(recording)).toMatchObject({
        format: "wav",
        sampleFormat,
        channels: 2,
        complex: false,
        frameBytes,
        rate: 8000,
        frames: frames.length / frameBytes,
        metadata: {},
        warnings: [],
      });
      expect(recording.source.size).toBe(frames.length);
      expect(await readAll(recording.source, [4096])).toEqual(frames);
      expect(recording.warnings).toEqual([]);
    });

    it(`give whole frames to reads of any length, ${coming}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uint8Array({ maxLength: 200 }),
          fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
          fc.constantFrom("sized", "unsized", "cut"),
          async (content, lengths, kind) => {
            const whole = content.subarray(0, content.length - (content.length % 6));
            const size = { sized: whole.length, unsized: 0xffffffff, cut: 4000 }[kind];
            const body = kind === "sized" ? whole : content;
            const riffSize = kind === "unsized" ? 0xffffffff : 4040;
            const data = concat([latin1("data"), u32(size), body]);
            const file = riff([chunk("fmt ", format(1, 2, 8000, 24)), data], riffSize);
            const recording = await open(source(file));
            // A file whose size nobody knows cannot tell a part of a frame from a frame, to a read shorter than one.
            const part = source(file).size === undefined && source(file).seekable && lengths.some((n) => n < 6);
            if (part && content.length % 6 > 0) return;
            expect(await readAll(recording.source, lengths)).toEqual(whole);
            expect(recording.frames).toBe(whole.length / 6);
            expect(recording.warnings.length > 0).toBe(kind !== "sized");
          },
        ),
        { numRuns: 60 },
      );
    });

    it(`tell of what stands behind the frames, ${coming}`, async () => {
      const odd = chunk("fmt ", format(1, 1, 8000, 8));
      const recording = await open(source(riff([odd, chunk("data", frames.subarray(0, 7)), info])));
      expect(await readAll(recording.source)).toEqual(frames.subarray(0, 7));
      expect(recording.metadata).toEqual({ INAM: "Title" });
      expect(recording.warnings).toEqual([]);
    });
  }

  it("go on where the byte behind an odd chunk was forgotten", async () => {
    const odd = concat([latin1("JUNK"), u32(3), numbered(3)]);
    const data = concat([latin1("data"), u32(7), frames.subarray(0, 7)]);
    const file = riff([odd, chunk("fmt ", format(1, 1, 8000, 8)), data, info]);
    for (const source of [bytesSource(file), chunkedSource(file, [64])]) {
      const recording = await open(source);
      expect(await readAll(recording.source)).toEqual(frames.subarray(0, 7));
      expect(recording.metadata).toEqual({ INAM: "Title" });
    }
  });

  it("are read with what programs put between and before", async () => {
    const junk = chunk("JUNK", numbered(5001));
    const file = riff([junk, info, chunk("fmt ", s16), chunk("PEAK", numbered(16)), chunk("data", frames)]);
    for (const source of [bytesSource(file), chunkedSource(file, [1000])]) {
      const recording = await open(source);
      expect(recording.metadata).toEqual({ INAM: "Title" });
      expect(await readAll(recording.source)).toEqual(frames);
    }
  });

  it("of big-endian numbers are read", async () => {
    const file = riff(
      [chunk("fmt ", format(1, 1, 8000, 16, 2, false), 16, false), chunk("data", frames, frames.length, false)],
      undefined,
      "RIFX",
      false,
    );
    expect(facts(await open(bytesSource(file)))).toMatchObject({ sampleFormat: "s16be", rate: 8000, frames: 120 });
  });

  it("of more than 4 GiB tell their sizes in ds64", async () => {
    const sizes = (data: number) => chunk("ds64", concat([u64(0), u64(data), u64(0), u32(1), latin1("JUNK"), u64(4)]));
    const junk = chunk("JUNK", numbered(4), 0xffffffff);
    const data = chunk("data", frames, 0xffffffff);
    for (const id of ["RF64", "BW64"]) {
      const file = riff([sizes(frames.length), junk, chunk("fmt ", s16), data, info], 0xffffffff, id);
      const recording = await open(bytesSource(file));
      expect(facts(recording)).toMatchObject({ format: id.toLowerCase(), frames: 120, metadata: { INAM: "Title" } });
      expect(await readAll(recording.source)).toEqual(frames);
    }
    const cut = await open(bytesSource(riff([sizes(6e9), junk, chunk("fmt ", s16), data], 0xffffffff, "RF64")));
    expect(cut.frames).toBe(120);
    expect(cut.warnings).toEqual([
      'The chunk "data" at byte 96 tells of 6000000000 bytes of frames; the file has 240 of them.',
    ]);
  });

  it("that were never finished are read to their end", async () => {
    for (const [riffSize, size] of [
      [0, 0],
      [36, 0],
      [0xffffffff, 0xffffffff],
    ]) {
      const file = riff([chunk("fmt ", s16), chunk("data", frames, size)], riffSize);
      const recording = await open(bytesSource(file));
      expect(await readAll(recording.source)).toEqual(frames);
      expect(recording.warnings).toHaveLength(1);
      const pipe = await open(chunkedSource(file, [50]));
      expect(pipe.frames).toBeUndefined();
      expect(pipe.source.size).toBeUndefined();
      expect(await readAll(pipe.source)).toEqual(frames);
      expect(pipe.frames).toBe(120);
    }
  });

  it("may be empty", async () => {
    const file = riff([chunk("fmt ", s16), chunk("data", new Uint8Array(0)), info]);
    const recording = await open(bytesSource(file));
    expect(facts(recording)).toMatchObject({ frames: 0, metadata: { INAM: "Title" }, warnings: [] });
    expect(await readAll(recording.source)).toEqual(new Uint8Array(0));
  });

  it("that are shorter than they say say so once it shows", async () => {
    const file = riff([chunk("fmt ", s16), chunk("data", frames, 1000)]).subarray(0, -1);
    const warnings = [
      'The chunk "data" at byte 36 tells of 1000 bytes of frames; the file has 239 of them.',
      "The file ends within a frame: its last 1 bytes are left out.",
    ];
    const known = await open(bytesSource(file));
    expect(known.warnings).toEqual(warnings);
    expect(known.frames).toBe(119);
    const pipe = await open(chunkedSource(file, [50]));
    expect([pipe.frames, pipe.warnings]).toEqual([500, []]);
    expect(await readAll(pipe.source)).toEqual(frames.subarray(0, 238));
    expect([pipe.frames, pipe.warnings]).toEqual([119, warnings]);
  });

  it("give cue points and their labels as marks", async () => {
    const cue = (id: number, frame: number) =>
      concat([u32(id), u32(frame), latin1("data"), u32(0), u32(0), u32(frame)]);
    const cues = chunk("cue ", concat([u32(2), cue(1, 40), cue(2, 3)]));
    const label = chunk("labl", concat([u32(1), latin1("knock\0")]));
    const length = chunk("ltxt", concat([u32(1), u32(12), latin1("rgn "), new Uint8Array(8)]));
    const labels = chunk("LIST", concat([latin1("adtl"), label, length]));
    const file = riff([chunk("fmt ", s16), chunk("data", frames), cues, labels]);
    const { source } = await open(bytesSource(file));
    const into = new Uint8Array(70);
    source.readSync!(into, 0);
    expect(told(source)).toEqual([{ kind: "mark", position: 6, value: { kind: "annotation", text: "cue 2" } }]);
    source.readSync!(into, 70);
    const knock = { kind: "mark", position: 80, value: { kind: "annotation", text: "knock", frames: 12 } };
    expect(told(source)).toEqual([knock]);
    source.readSync!(into, 0);
    expect(told(source)).toEqual([]);
    const pipe = await open(chunkedSource(file, [50]));
    await readAll(pipe.source);
    expect(pipe.warnings).toEqual(["2 cue points stand behind the frames, and came too late to be marks."]);
  });

  it("of broadcasts tell when they were recorded", async () => {
    const bext = new Uint8Array(602);
    bext.set(latin1("A horn"), 0);
    bext.set(latin1("2026-11-23"), 320);
    bext.set(latin1("08:30:15"), 330);
    const file = () => riff([chunk("bext", bext), chunk("fmt ", s16), chunk("data", frames)]);
    const plain = await open(bytesSource(file()));
    expect(plain.startTime).toBe(Date.UTC(2026, 10, 23, 8, 30, 15));
    expect(plain.metadata).toMatchObject({ Description: "A horn", OriginationDate: "2026-11-23" });
    bext.set(u64(8000 * 60 * 90 + 4), 338);
    expect((await open(bytesSource(file()))).startTime).toBe(Date.UTC(2026, 10, 23, 1, 30) + 0.5);
  });

  it("name the loudspeakers of an extensible format", async () => {
    const said = extensible(1, 3, 8000, 16, 0b1011);
    expect((await open(bytesSource(riff([chunk("fmt ", said), chunk("data", frames)])))).labels).toEqual([
      "FL",
      "FR",
      "LFE",
    ]);
  });
});

/** What opening content fails with. */
async function faultOf(content: Uint8Array, options = {}): Promise<unknown> {
  const faults = [];
  for (const source of [bytesSource(content), chunkedSource(content, [3])]) {
    faults.push(
      await open(source, { name: "x.wav", ...options }).then(
        () => undefined,
        (error) => error,
      ),
    );
  }
  expect(faults[0]?.message?.replace("the bytes in memory", "the chunks")).toBe(faults[1]?.message);
  return faults[1];
}

describe("broken WAV files", () => {
  const file = riff([chunk("fmt ", s16), chunk("data", frames)]);

  it("cut anywhere in front of the frames say where something was expected", async () => {
    const long = riff([chunk("ds64", numbered(28)), info, chunk("fmt ", s16), chunk("data", frames)], 0, "RF64");
    for (const whole of [file, long]) {
      const header = whole.length - frames.length;
      for (let length = 0; length < header; length++) {
        const fault = (await faultOf(whole.subarray(0, length))) as FormatFault;
        expect(fault).toBeInstanceOf(FormatFault);
        expect(fault.offset).toBeLessThanOrEqual(header);
      }
    }
  });

  /** The file with other bytes at a place. */
  const changed = (at: number, bytes: Uint8Array) => {
    const copy = file.slice();
    copy.set(bytes, at);
    return copy;
  };
  const wide = riff([
    chunk("fmt ", concat([extensible(1, 1, 8000, 16).subarray(0, 30), numbered(10)])),
    chunk("data", frames),
  ]);

  it.each([
    [changed(0, latin1("RIFQ")), 'at byte 0: expected "RIFF", "RIFX", "RF64" or "BW64", found "RIFQ".'],
    [changed(8, latin1("AVI ")), 'at byte 8: expected "WAVE", found "AVI ".'],
    [changed(12, u32(3)), 'at byte 12: expected the chunk "fmt ", found the bytes 03 00 00 00 10 00 00 00.'],
    [changed(12, latin1("fmt2")), 'at byte 36: expected the chunk "fmt " before the samples, found "data".'],
    [changed(16, u32(10)), "at byte 30: expected 16 bytes of a format or more, found the end after 10 of them."],
    [changed(20, u16(85)), "at byte 20: expected the format 1 (integers) or 3 (floats), found 85 (MPEG layer 3)."],
    [
      changed(20, u16(0xfffe)),
      "at byte 36: expected 40 bytes of an extensible format, found the end after 16 of them.",
    ],
    [changed(20, u16(3)), "at byte 34: expected 32 or 64 bits a float, found 16."],
    [changed(22, u16(0)), "at byte 22: expected 1 to 65535 channels, found 0."],
    [changed(24, u32(0)), "at byte 24: expected a sample rate above 0 Hz, found 0."],
    [changed(32, u16(0)), "at byte 32: expected 2 bytes a frame, found 0."],
    [changed(32, u16(16)), "at byte 32: expected 2 bytes a frame, found 16."],
    [changed(34, u16(40)), "at byte 34: expected 1 to 32 bits an integer, found 40."],
    [
      changed(36, latin1("tada")),
      'at byte 284: expected the chunk "data" or another one behind 240 bytes of "tada", found the end of the file.',
    ],
    [wide, "at byte 46: expected an identifier of plain samples, found"],
    [riff([chunk("fmt ", s16)], 0, "RF64"), 'at byte 12: expected the chunk "ds64", found "fmt ".'],
    [riff([chunk("ds64", numbered(20))], 0, "RF64"), "at byte 16: expected 28 bytes or more, found 20."],
    [
      riff([chunk("fmt ", s16), chunk("abcd", frames, 0xffffffff)]),
      'at byte 40: expected the size of the chunk "abcd", found 4294967295.',
    ],
  ])("say what was expected there and what was found: %#", async (content, words) => {
    const fault = (await faultOf(content, { format: "wav" })) as Fault;
    expect(fault).toBeInstanceOf(FormatFault);
    expect(fault.code).toBe("source-failed");
    expect(fault.message).toContain(words);
  });

  it("of nothing but chunks end", async () => {
    const many = new Uint8Array(8 * 70_000);
    for (let at = 0; at < many.length; at += 8) many.set(latin1("JUNK"), at);
    expect(((await faultOf(riff([many]))) as Fault).message).toContain("among the first 65536, found none");
  });

  it("whose source fails pass that on", async () => {
    const source = {
      ...bytesSource(file),
      name: "disk",
      readSync: () => {
        throw new Error("on fire");
      },
    };
    await expect(open(source)).rejects.toMatchObject({
      code: "source-failed",
      message: "disk failed at byte 0: on fire.",
    });
  });
});
