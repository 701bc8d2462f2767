/** What a host can do is what tests/hosts/expectations.ts says of it. */
import { expect, it } from "vitest";
import { fileSystemSink, opfsFile, type WritableFileHandle } from "../../src/web.js";
import { freshName, originFiles, remove } from "../support/opfs.js";
import { whereThereIs } from "../support/lacks.js";

whereThereIs(
  "OPFS in place",
  () => opfsFile(freshName(), { create: true }),
  () => it("files of the origin are read and written in place", async () => expect(await originFiles()).toBe("sync")),
);

whereThereIs(
  "createWritable",
  async () => {
    const handle = "FileSystemFileHandle" in globalThis ? FileSystemFileHandle.prototype : {};
    // A handle of this host's kind, as far as the sink looks at it.
    const create = (handle as Partial<WritableFileHandle>).createWritable;
    const file = { name: "a file", ...(create ? { createWritable: create } : {}) };
    await fileSystemSink(file as WritableFileHandle).write(new Uint8Array(1), 0, new AbortController().signal);
  },
  () =>
    it("files of the origin are written through a stream", async () => {
      const name = freshName();
      const handle = await (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
      const sink = fileSystemSink(handle as WritableFileHandle);
      expect(await sink.write(Uint8Array.of(1, 2, 3), 0, new AbortController().signal)).toBe(3);
      await sink.close?.();
      expect((await handle.getFile()).size).toBe(3);
      await remove(name);
    }),
);
