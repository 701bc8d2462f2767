/** The origin's own files as sources, where the host has them; elsewhere it says that it has none. */
import { afterAll, describe, expect, it } from "vitest";
import { opfsFile, opfsSource } from "../../src/web.js";
import { sourceConformance } from "../conformance/source.js";
import { debugArena, drain, faultFrom, numbered } from "../flow/support.js";
import { copiedBytes } from "../support/copies.js";
import { freshName, originFiles, remove } from "../support/opfs.js";

/** A file with some content, opened. */
async function fileOf(content: Uint8Array) {
  const name = freshName();
  const handle = await opfsFile(name, { create: true });
  handle.write(content);
  return { name, handle };
}

if ((await originFiles()) === "sync") {
  sourceConformance(
    "a file of the origin",
    async (content) => {
      const { name, handle } = await fileOf(content);
      return { source: opfsSource(handle), cleanup: () => remove(name) };
    },
    { seekable: true, sync: true },
  );

  describe("a file of the origin as a source", () => {
    const arena = debugArena();
    afterAll(() => arena.close());

    it("is opened by its path, folders and all, and closed with its source unless that is told to keep it", async () => {
      const folder = freshName();
      await expect(opfsFile(`${folder}/below/a`)).rejects.toMatchObject({ name: "NotFoundError" });
      const handle = await opfsFile(`${folder}/below/a`, { create: true });
      handle.write(numbered(10));
      const kept = arena.open(opfsSource(handle, { keepOpen: true }), { element: "u8", capacity: 16 });
      expect((await drain(kept)).bytes).toEqual(numbered(10));
      await kept.close();
      expect(handle.getSize()).toBe(10);
      await arena.open(opfsSource(handle), { element: "u8", capacity: 16 }).close();
      expect(() => handle.getSize()).toThrow();
      const again = await opfsFile(`${folder}/below/a`);
      expect(again.getSize()).toBe(10);
      again.close();
    });

    it("is read straight into the memory that is lent: no byte is copied", async () => {
      const { name, handle } = await fileOf(numbered(5000));
      const source = opfsSource(handle);
      expect(source).toMatchObject({ size: 5000, copies: 0, immediate: true });
      const memory = new WebAssembly.Memory({ initial: 1 });
      const into = new Uint8Array(memory.buffer, 100, 5000);
      expect(await copiedBytes(async () => source.readSync!(into, 0))).toBe(0);
      expect(into).toEqual(numbered(5000));
      source.close?.();
      await remove(name);
    });
  });
} else {
  it("Unsupported: files of the origin, read synchronously", async () => {
    const fault = await faultFrom(() => opfsFile("a", { create: true }), "unsupported");
    expect(fault.name).toBe("Unsupported");
  });
}

it("a file of the origin without a name is refused", async () => {
  await faultFrom(() => opfsFile("//"), "bad-argument");
});
