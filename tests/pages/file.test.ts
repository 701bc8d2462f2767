/** Pages over a real file. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fileSource } from "../../src/node.js";
import { openPages } from "../../src/pages.js";
import { debugArena, numbered } from "../flow/support.js";
import { same, windowOf } from "./support.js";

const arena = debugArena();
const folder = mkdtempSync(join(tmpdir(), "forebay-pages-"));
afterAll(() => {
  arena.close();
  rmSync(folder, { recursive: true });
});

describe("a file", () => {
  const path = join(folder, "some.bin");
  it.each(["auto", "sync", "async"] as const)(
    "is read at any place, and a change of it is a fault (%s)",
    async (mode) => {
      const bytes = numbered(300_000);
      writeFileSync(path, bytes);
      const pages = openPages(arena, fileSource(path), { element: "u16", cacheBytes: 65_536, mode });
      const all = new Uint16Array(bytes.buffer);
      const windows = [];
      for (let turn = 0; turn < 300; turn++) {
        const position = (turn * 7919) % 150_000;
        const answer = await pages.ready(position, 700);
        const window = windowOf(answer);
        expect(answer.state).toBe(position + 700 <= 150_000 ? "ready" : "ended");
        expect(same(window.data, all.subarray(position, position + 700))).toBe(true);
        windows.push({ window, content: all.slice(position, position + 700) });
        if (windows.length > 4) windows.shift()?.window.release();
        for (const { window, content } of windows)
          expect(window.data[window.length - 1]).toBe(content[content.length - 1]);
      }
      for (const { window } of windows) window.release();
      truncateSync(path, 100);
      for (let position = 0; ; position += 4000) {
        const answer = await pages.ready(position, 1);
        if (answer.state === "failed") {
          expect(answer.fault.code).toBe("source-changed");
          break;
        }
        expect(position).toBeLessThan(150_000);
        answer.window.release();
      }
      await pages.close();
      expect(arena.used).toBe(0);
    },
  );
});
