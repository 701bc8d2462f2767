import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, forebay, shell } from "./run.js";

const at = folder((path) => {
  writeFileSync(join(path, "a.f32"), new Float32Array([1, 2, 3, -4]));
  writeFileSync(join(path, "b.s16"), new Int16Array([3, 4, -3, -4]));
  writeFileSync(join(path, "torn.f32"), new Uint8Array(11));
  writeFileSync(join(path, "empty.u8"), "");
});

describe("forebay stats", () => {
  it("prints a table and says what it took the samples for", () => {
    const { code, out } = forebay(at(), ["stats", "--channels", "2", "a.f32"]);
    expect(out).toBe(
      [
        "a.f32: f32 Ã\x97 2 channels (by its extension)",
        "",
        "channel  count  min  max  mean      RMS",
        "      0      2    1    3     2  2.23607",
        "      1      2   -4    2    -1  3.16228",
        "",
      ].join("\n"),
    );
    expect(code).toBe(0);
  });

  it("prints an object", () => {
    const { out } = forebay(at(), ["stats", "--json", "b.s16"]);
    expect(JSON.parse(out)).toEqual({
      source: "b.s16",
      element: "i16",
      channels: 1,
      known: "by its extension",
      stats: [{ count: 4, min: -4, max: 4, mean: 0, rms: Math.sqrt(12.5) }],
    });
  });

  it("explains how the input was read, in words and as an object", () => {
    const { out, code } = forebay(at(), ["stats", "--explain", "b.s16"]);
    expect(out).toMatch(/\n\nmode {8}sync\n/);
    expect(out).toContain("because     sync: the source is smaller than waiting is worth");
    expect(out).toMatch(/^read {8}8 bytes in [12] reads$/m);
    expect(code).toBe(0);
    const { plan, read } = JSON.parse(forebay(at(), ["stats", "--explain", "--json", "b.s16"]).out);
    expect(plan).toMatchObject({ mode: "sync", parallel: 1 });
    expect(read).toMatchObject({ bytes: 8, waits: 0, discarded: 0, held: 0 });
    expect(forebay(at(), ["stats", "--explain"]).err).toMatch(/--explain are about an INPUT/);
  });

  it("reads standard input, as f32 unless told", () => {
    const samples = new Uint8Array(new Float32Array([1, 3]).buffer);
    expect(JSON.parse(forebay(at(), ["stats", "--json", "-"], samples).out).stats[0].mean).toBe(2);
    expect(JSON.parse(forebay(at(), ["stats", "--json", "--element", "u8", "-"], "\x01\x03").out).stats[0].max).toBe(3);
  });

  it("prints all of a long answer into a pipe whose reader is slow", () => {
    const channels = 6000;
    writeFileSync(join(at(), "wide.f32"), new Float32Array(2 * channels).fill(0.1));
    const { out } = shell(at(), `forebay stats --json --channels ${channels} wide.f32 | { sleep 0.5; cat; }`);
    expect(JSON.parse(out).stats).toHaveLength(channels);
  });

  it("counts the whole frames of a file that ends within one, then says so", () => {
    const { code, out, err } = forebay(at(), ["stats", "torn.f32"]);
    expect(out).toMatch(/^ +0 +2 +0 +0 +0 +0$/m);
    expect(err).toMatch(/ended within a frame: 3 bytes are left over/);
    expect(code).toBe(2);
  });

  it("has numbers for nothing", () => {
    expect(forebay(at(), ["stats", "empty.u8"]).out).toMatch(/^ +0 +0 +NaN +NaN +NaN +NaN$/m);
  });

  it("samples the machine's own jitter, with a picture", () => {
    const { code, out } = forebay(at(), ["stats", "--seconds", "0.2"]);
    expect(out).toMatch(/^ +0 +200 /m);
    expect(Buffer.from(out, "latin1").toString()).toMatch(/µs │[█▏▎▍▌▋▊▉]/);
    expect(code).toBe(0);
    const { stats } = JSON.parse(forebay(at(), ["stats", "--seconds", "0.1", "--json"]).out);
    expect(stats[0].count).toBe(100);
    expect(stats[0].min).toBeGreaterThanOrEqual(0);
  });

  it.each([
    [["stats", "nowhere"], /no such file/],
    [["stats", "--element", "u7", "a.f32"], /no elements of type u7/],
    [["stats", "--channels", "0", "a.f32"], /whole number/],
    [["stats", "--seconds", "-1"], /above 0/],
    [["stats", "--channels", "2"], /there is none/],
  ])("refuses %j", (args, message) => {
    const { code, err } = forebay(at(), args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
