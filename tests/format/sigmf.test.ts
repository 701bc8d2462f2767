import { describe, expect, it } from "vitest";
import { FormatFault, type RecordingOptions } from "../../src/formats.js";
import { bytesSource, type Source } from "../../src/index.js";
import { numbered } from "../flow/support.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { concat, latin1 } from "../support/bytes.js";
import { comings, facts, open, readAll, told } from "./support.js";

const text = (words: unknown) => new TextEncoder().encode(JSON.stringify(words));
const global = { "core:datatype": "ci16_le", "core:sample_rate": 1e6, "core:version": "1.2.0", "core:author": "Ünal" };
const samples = numbered(4 * 100);

/** Opens words and samples by either of the two. */
function openPair(words: Uint8Array, data: Source, by: "meta" | "data" = "meta") {
  const meta: Source = { ...bytesSource(words), name: "x.sigmf-meta" };
  const named = Object.assign(data, { name: "x.sigmf-data" });
  const files: Record<string, Source> = { "x.sigmf-meta": meta, "x.sigmf-data": named };
  const options: RecordingOptions = { beside: (name) => files[name]! };
  return open(by === "meta" ? meta : named, options);
}

/** An entry of an archive. */
function entry(name: string, content: Uint8Array, type = "0"): Uint8Array {
  const block = new Uint8Array(512);
  block.set(latin1(name));
  block.set(latin1(content.length.toString(8).padStart(11, "0")), 124);
  block.set(latin1(type), 156);
  block.set(latin1("ustar\0"), 257);
  return concat([block, content, new Uint8Array(-content.length & 511)]);
}

describe("SigMF recordings", () => {
  for (const [coming, source] of Object.entries(comings)) {
    for (const by of ["meta", "data"] as const) {
      it(`give what they have, by their ${by}, ${coming}`, async () => {
        const recording = await openPair(text({ global, captures: [], annotations: [] }), { ...source(samples) }, by);
        expect(facts(recording)).toMatchObject({
          format: "sigmf",
          sampleFormat: "s16",
          complex: true,
          channels: 2,
          frameBytes: 4,
          rate: 1e6,
          startTime: undefined,
          metadata: { "core:author": "Ünal" },
          warnings: [],
        });
        expect(await readAll(recording.source, [7, 30])).toEqual(samples);
        expect(recording.frames).toBe(100);
      });
    }

    it(`tell of captures, of what was lost between them, and of annotations, ${coming}`, async () => {
      const words = {
        global,
        captures: [
          {
            "core:sample_start": 0,
            "core:global_index": 500,
            "core:datetime": "2026-11-23T08:00:00.25Z",
            "core:header_bytes": 3,
          },
          { "core:sample_start": 10, "core:global_index": 530, "core:frequency": 1e8, "core:header_bytes": 5 },
          { "core:sample_start": 40, "core:global_index": 560, "x:gain": 3 },
        ],
        annotations: [
          { "core:sample_start": 12, "core:sample_count": 5, "core:label": "burst", "core:comment": "odd" },
          { "core:sample_start": 3, "core:freq_lower_edge": 1 },
        ],
      };
      const content = concat([numbered(3), samples.subarray(0, 40), numbered(5), samples.subarray(40)]);
      const recording = await openPair(text(words), { ...source(content) });
      expect(recording.startTime).toBe(Date.UTC(2026, 10, 23, 8) + 250);
      expect(await readAll(recording.source, [9, 40])).toEqual(samples);
      const time = Date.UTC(2026, 10, 23, 8) + 250;
      expect(told(recording.source)).toEqual([
        { kind: "mark", position: 0, value: { kind: "capture", time } },
        { kind: "mark", position: 12, value: { kind: "annotation", text: "", details: { "core:freq_lower_edge": 1 } } },
        { kind: "gap", position: 40, lost: 80, cause: "core:global_index", time: time + 0.03 },
        { kind: "mark", position: 40, value: { kind: "capture", frequency: 1e8 } },
        { kind: "mark", position: 48, value: { kind: "annotation", text: "burst: odd", frames: 5 } },
        { kind: "mark", position: 160, value: { kind: "capture", details: { "x:gain": 3 } } },
      ]);
    });
  }

  it.each([
    ["cf32_le", "f32", true],
    ["cf64_be", "f64be", true],
    ["ri32_le", "s32", false],
    ["ru16_be", "u16be", false],
    ["ru8", "u8", false],
    ["ci8_le", "s8", true],
  ])("have samples of %s", async (datatype, sampleFormat, complex) => {
    const words = text({ global: { "core:datatype": datatype, "core:num_channels": 2 } });
    const { channels, ...rest } = await openPair(words, bytesSource(samples));
    expect({ channels, ...rest }).toMatchObject({ sampleFormat, complex, channels: complex ? 4 : 2 });
  });

  it("may have bytes behind their samples", async () => {
    const words = text({ global: { ...global, "core:trailing_bytes": 6 } });
    const recording = await openPair(words, bytesSource(concat([samples, numbered(6)])));
    expect(await readAll(recording.source)).toEqual(samples);
  });

  it("are read out of archives", async () => {
    const meta = entry("x/x.sigmf-meta", text({ global }));
    const data = entry("x/x.sigmf-data", samples);
    const dir = entry("x", new Uint8Array(0), "5");
    const name = latin1("27 path=long/y.sigmf-meta\n");
    const long = [entry("pax", name, "x"), entry("short", text({ global }))];
    for (const parts of [
      [dir, meta, data],
      [dir, data, meta],
      [...long, data],
    ]) {
      const file = concat([...parts, new Uint8Array(1024)]);
      const recording = await open(bytesSource(file), { name: "x.sigmf" });
      expect(await readAll(recording.source)).toEqual(samples);
      expect(recording.frames).toBe(100);
      const pipe = open(chunkedSource(file, [100]), { name: "x.sigmf" });
      if (parts[1] === data) await expect(pipe).rejects.toMatchObject({ code: "not-seekable" });
      else expect(await readAll((await pipe).source)).toEqual(samples);
    }
  });

  it.each([
    ["{", "expected JSON"],
    ["[]", "at byte 0: expected an object, found []"],
    ["{}", 'at byte 0: expected an object "global", found none'],
    ['{"global":{}}', "expected core:datatype to be a datatype as cf32_le, ri16_be or cu8, found none"],
    [
      '{"global":{"core:datatype":"cf32"}}',
      'at byte 11: expected core:datatype to be a datatype as cf32_le, ri16_be or cu8, found "cf32"',
    ],
    ['{"global":{"core:datatype":"ru8","core:num_channels":0}}', "to be a whole number from 1 to 32767, found 0"],
    [
      '{"ü":1,"global":{"core:datatype":"ru8","core:sample_rate":"x"}}',
      'at byte 40: expected core:sample_rate to be a number, found "x"',
    ],
    ['{"global":{"core:datatype":"ru8"},"captures":7}', "expected a list, found 7"],
    ['{"global":{"core:datatype":"ru8"},"captures":[{}]}', "expected core:sample_start, found none"],
    [
      '{"global":{"core:datatype":"ru8"},"captures":[{"core:sample_start":5},{"core:sample_start":4}]}',
      "in the order of their starts, found 4",
    ],
  ])("that say nonsense are refused: %s", async (words, message) => {
    const fault = await openPair(new TextEncoder().encode(words), bytesSource(samples)).then(
      () => undefined,
      (error) => error,
    );
    expect(fault).toBeInstanceOf(FormatFault);
    expect(fault.message).toContain(message);
  });

  it("of which one file is missing, or an archive's words, say so", async () => {
    await expect(open(bytesSource(text({ global })), { name: "x.sigmf-meta" })).rejects.toThrow('give "beside"');
    const alone = concat([entry("x.sigmf-data", samples), new Uint8Array(1024)]);
    await expect(open(bytesSource(alone), { name: "x.sigmf" })).rejects.toThrow("expected a file .sigmf-meta");
  });
});
