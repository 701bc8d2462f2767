/** Blobs that stand for files on disk: what Node gives as one, and what happens when the file changes. */
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blobSource } from "../../src/web.js";
import { sourceConformance } from "../conformance/source.js";
import { debugArena, drain, faultFrom, numbered } from "../flow/support.js";
import { does } from "../support/lacks.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-blob-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: Uint8Array): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
}

sourceConformance("a file as a blob", async (content) => ({ source: blobSource(await openAsBlob(fileOf(content))) }), {
  seekable: true,
  sync: false,
});

describe("a file as a blob", () => {
  const arena = debugArena();
  afterAll(() => arena.close());

  it.each([
    ["longer", (path: string) => writeFileSync(path, numbered(2000)), undefined],
    ["shorter", (path: string) => writeFileSync(path, numbered(10)), "source-changed"],
    ["gone", (path: string) => rmSync(path), "source-failed"],
  ])(
    "that is %s than when it was picked is a fault that says so, after what came before",
    async (_, change, unseen) => {
      const path = fileOf(numbered(1000));
      const blob = await openAsBlob(path);
      const flow = arena.open(blobSource(blob, { name: "a.bin" }), { element: "u8", capacity: 64, readBytes: 64 });
      expect((await flow.ready(16)).state).toBe("ready");
      change(path);
      const { bytes, fault } = await drain(flow);
      expect(bytes).toEqual(numbered(1000).subarray(0, bytes.length));
      if (!does("blobs of files are read when they are asked for")) {
        expect(fault).toBeUndefined();
        expect(bytes).toHaveLength(1000);
        await flow.close();
        return;
      }
      if (!does("blobs of files that changed fail")) {
        expect(fault?.code).toBe(unseen);
        expect((fault?.cause as Error | undefined)?.name).not.toBe("NotReadableError");
        await flow.close();
        return;
      }
      expect(fault).toMatchObject({
        code: "source-changed",
        message: expect.stringMatching(/a\.bin cannot be read at byte 64: it was changed, moved or removed/),
        cause: { name: "NotReadableError" },
      });
      await flow.close();
      const { signal } = new AbortController();
      await faultFrom(() => blobSource(blob).read(new Uint8Array(9), 0, signal), "source-changed");
    },
  );
});
