/** The origin's own files as sinks, synchronously in workers and by the File System Access API, where the host has them. */
import { afterAll, describe, expect, it } from "vitest";
import { fileSystemSink, opfsFile, opfsSink } from "../../src/web.js";
import { type Made, sinkConformance } from "../conformance/sink.js";
import { debugArena, faultFrom, numbered } from "../flow/support.js";
import { concat } from "../support/bytes.js";
import { copiedBytes } from "../support/copies.js";
import { contentOf, freshName, handleOf, originFiles, remove } from "../support/opfs.js";
import { openSink } from "../../src/outflow.js";

const has = await originFiles();
const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;
const { signal } = new AbortController();
const arena = debugArena();
afterAll(() => arena.close());

const over = (name: string, sink: Made["sink"]): Made => ({
  sink,
  written: () => contentOf(name),
  cleanup: () => remove(name),
});

/** Writes 9 bytes through a sink, in an outflow that is closed. */
async function writeSome(sink: Made["sink"], seed: number): Promise<void> {
  const out = openSink(arena, sink, ring);
  out.reserve(9).data.set(numbered(9, seed));
  out.commit(9);
  await out.close();
}

if (has === "sync") {
  sinkConformance(
    "a file of the origin",
    async () => {
      const name = freshName();
      const handle = await opfsFile(name, { create: true });
      handle.write(numbered(100)); // what was there before, and is longer than nothing
      return over(name, opfsSink(handle));
    },
    { sync: true },
  );

  describe("a file of the origin as a sink", () => {
    it("is written straight out of the memory that is lent, and appended to where it is told to", async () => {
      const name = freshName();
      const sink = opfsSink(await opfsFile(name, { create: true }));
      expect(sink.copies).toBe(0);
      expect(await copiedBytes(async () => sink.write(numbered(50), 0, signal))).toBe(0);
      await sink.close?.();
      await writeSome(opfsSink(await opfsFile(name), { append: true }), 7);
      expect(await contentOf(name)).toEqual(concat([numbered(50), numbered(9, 7)]));
      await remove(name);
    });

    it("stays open where it is told to", async () => {
      const name = freshName();
      const handle = await opfsFile(name, { create: true });
      await writeSome(opfsSink(handle, { keepOpen: true }), 1);
      expect(handle.getSize()).toBe(9);
      handle.close();
      await remove(name);
    });
  });
} else {
  it("Unsupported: files of the origin, written synchronously", async () => {
    await faultFrom(() => opfsFile("a", { create: true }), "unsupported");
  });
}

const writable = has !== "none" && typeof (await handleOf("forebay")).createWritable === "function";
if (writable) {
  sinkConformance(
    "a file of the File System Access API",
    async () => {
      const name = freshName();
      return over(name, fileSystemSink(await handleOf(name)));
    },
    { sync: false },
  );

  describe("a file of the File System Access API as a sink", () => {
    it("replaces what was there only when it is closed, and not where it was given up", async () => {
      const name = freshName();
      const handle = await handleOf(name);
      await writeSome(fileSystemSink(handle), 1);
      const sink = fileSystemSink(handle);
      expect(sink.copies).toBe(1);
      expect(await sink.write(numbered(5), 0, signal)).toBe(5);
      expect(await contentOf(name)).toEqual(numbered(9, 1));
      await expect(async () => sink.write(numbered(5), 5, AbortSignal.abort("enough"))).rejects.toBe("enough");
      await sink.close?.();
      expect(await contentOf(name)).toEqual(numbered(9, 1));
      await remove(name);
    });

    it("is appended to where it is told to", async () => {
      const name = freshName();
      const handle = await handleOf(name);
      await writeSome(fileSystemSink(handle), 1);
      await writeSome(fileSystemSink(handle, { append: true }), 2);
      expect(await contentOf(name)).toEqual(concat([numbered(9, 1), numbered(9, 2)]));
      await remove(name);
    });
  });
} else {
  it("Unsupported: files of the File System Access API", async () => {
    const handle = has === "none" ? { name: "a file", getFile: async () => new Blob([]) } : await handleOf("forebay");
    const sink = fileSystemSink(handle);
    const fault = await faultFrom(() => sink.write(numbered(5), 0, signal), "unsupported");
    expect(fault.message).toMatch(/cannot be written: this platform's file handles have no createWritable/);
    await faultFrom(() => sink.flush?.(), "unsupported");
    await sink.close?.();
  });
}
