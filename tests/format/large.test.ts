/** A file of more than 4 GiB, which takes no room on the disk: all of it but its begin and its end is a hole. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openRecordingSync, wavSink } from "../../src/formats.js";
import { callbackSink } from "../../src/adapters.js";
import { fileSource } from "../../src/node.js";
import { numbered } from "../flow/support.js";

it("frames behind 4 GiB of an RF64 file are read at their positions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "forebay-large-"));
  const path = join(folder, "large.wav");
  const frames = 1_250_000_000;
  const file = openSync(path, "w");
  try {
    const header = callbackSink((bytes, position) => void writeSync(file, bytes, 0, bytes.length, position));
    const wav = wavSink(header, { sampleFormat: "s16", channels: 2, rate: 48_000, frames });
    wav.writeSync!(numbered(400), 0);
    ftruncateSync(file, 80 + frames * 4);
    writeSync(file, numbered(400, 1), 0, 400, 80 + frames * 4 - 400);

    const recording = openRecordingSync(fileSource(path));
    expect(recording).toMatchObject({ format: "rf64", frames, rate: 48_000, warnings: [] });
    const { source } = recording;
    expect(source.size).toBe(frames * 4);
    const into = new Uint8Array(400);
    for (const [position, wanted] of [
      [0, numbered(400)],
      [2 ** 32 + 8, new Uint8Array(400)],
      [frames * 4 - 400, numbered(400, 1)],
    ] as const) {
      expect(source.readSync!(into, position)).toBe(400);
      expect(into).toEqual(wanted);
    }
    expect(source.readSync!(into, frames * 4)).toBe(0);
    await source.close?.();
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
});
