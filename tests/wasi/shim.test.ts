/** WASI under the implementations that need no host of their own, browser_wasi_shim and uwasi: wherever the tests run. */
import { File, OpenFile, WASI as Shim } from "@bjorn3/browser_wasi_shim";
import * as uwasi from "uwasi";
import { describe, expect, it } from "vitest";
import { wasiOver, wasiSink, wasiSource } from "../../src/wasi.js";
import { sinkConformance } from "../conformance/sink.js";
import { sourceConformance } from "../conformance/source.js";
import { fewAtATime, runShim, runUwasi, shimFile, shimFolder } from "./shims.js";

sourceConformance(
  "browser_wasi_shim, a file",
  async (content, arena) => {
    const wasi = wasiOver(arena, new Shim([], [], [new OpenFile(new File(content))]));
    return { source: wasiSource(wasi, 0), cleanup: () => wasi.release() };
  },
  { seekable: true, sync: true },
);

// uwasi has standard input only, as text.
sourceConformance(
  "uwasi, text on standard input",
  async (content, arena) => {
    let at = 0;
    const stdin = () => {
      const some = content.subarray(at, at + 50);
      at += some.length;
      return new TextDecoder().decode(some);
    };
    const wasi = wasiOver(arena, new uwasi.WASI({ features: [uwasi.useStdio({ stdin })] }));
    return { source: wasiSource(wasi, 0), cleanup: () => wasi.release() };
  },
  { seekable: false, sync: true, text: true },
);

sinkConformance(
  "browser_wasi_shim, a file",
  async (arena) => {
    const file = new File([]);
    const wasi = wasiOver(arena, new Shim([], [], [new OpenFile(file)]));
    return { sink: wasiSink(wasi, 0), written: () => file.data.slice(), cleanup: () => wasi.release() };
  },
  { sync: true },
);

sinkConformance(
  "uwasi, text on standard output",
  async (arena) => {
    let text = "";
    const stdout = (more: string) => {
      text += more;
    };
    const wasi = wasiOver(arena, new uwasi.WASI({ features: [uwasi.useStdio({ stdout })] }));
    return { sink: wasiSink(wasi, 1), written: () => new TextEncoder().encode(text), cleanup: () => wasi.release() };
  },
  { sync: true, text: true },
);

describe("the WASI command without a host of its own", () => {
  const files = new Map([
    ["text", shimFile("a needle\nnothing\nneedle, needle\n")],
    [
      "tree",
      shimFolder(
        new Map([
          ["b", shimFile("needle")],
          ["a", shimFile("x\nneedle\n")],
        ]),
      ),
    ],
    ["samples.f32", shimFile(new Uint8Array(Float32Array.of(1, 2, -3).buffer))],
  ]);

  it("scans files, whatever a read brings", () => {
    for (const between of [undefined, fewAtATime([1]), fewAtATime([3, 0, 2])]) {
      const run = between ? { between } : {};
      const { code, out, err } = runShim(files, { args: ["scan", "needle", "text", "tree"], ...run });
      expect(out).toBe(
        "text:2\ta needle\ntext:17\tneedle, needle\ntext:25\tneedle, needle\ntree/a:2\tneedle\ntree/b:0\tneedle\n",
      );
      expect([code, err]).toEqual([0, ""]);
    }
  });

  it("adds up samples", () => {
    const { code, out } = runShim(files, { args: ["stats", "--json", "samples.f32"] });
    const stats = [{ count: 3, min: -3, max: 2, mean: 0, rms: Math.sqrt(14 / 3) }];
    const known = "by its extension";
    expect(JSON.parse(out)).toEqual({ source: "samples.f32", element: "f32", channels: 1, known, stats });
    expect(code).toBe(0);
  });

  it("searches text where the host has nothing else", () => {
    const input = new TextEncoder().encode(`${"filler\n".repeat(1000)}the needle\n`);
    const { code, out, err } = runUwasi({ args: ["scan", "needle"], input });
    expect([code, out, err]).toEqual([0, "-:7004\tthe needle\n", ""]);
  });

  it("says what it may not see", () => {
    const { code, err } = runUwasi({ args: ["scan", "needle", "text"] });
    expect([code, err]).toEqual([2, "forebay: text: it lies in no directory that this command may see (see --help)\n"]);
  });
});
