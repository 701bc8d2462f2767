/** Whether a device is still there: by its node, for which a file stands here. */
import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { watchDevice } from "../../src/source/node-device.js";

const folder = mkdtempSync(join(tmpdir(), "forebay-device-"));
afterAll(() => rmSync(folder, { recursive: true }));

function made(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, name);
  return path;
}

/** Resolves when the device is said to be gone. */
async function gone(path: string, pull: () => void): Promise<void> {
  let say: (() => void) | undefined;
  const said = new Promise<void>((resolve) => {
    say = resolve;
  });
  const stop = await watchDevice(path, () => say?.());
  // Watching keeps no program alive; an open port does.
  const alive = setInterval(() => undefined, 1000);
  pull();
  await said;
  clearInterval(alive);
  stop();
}

it("is gone when its node is", async () => {
  const path = made("pulled");
  await gone(path, () => unlinkSync(path));
});

it("is gone when another device has its place", async () => {
  const path = made("replaced");
  const other = made("other");
  await gone(path, () => renameSync(other, path));
});

it("is gone when what its link leads to is", async () => {
  const device = made("device");
  const path = join(folder, "by-id");
  symlinkSync(device, path);
  await gone(path, () => unlinkSync(device));
});

it("is not gone while it is there, nor where it has no node, nor when nobody watches any more", async () => {
  let said = 0;
  const count = () => {
    said++;
  };
  const there = made("there");
  const left = made("left");
  const stops = await Promise.all([there, join(folder, "COM3"), left].map((path) => watchDevice(path, count)));
  stops[2]!();
  unlinkSync(left);
  // As long as a device that is gone needs to be found so, and once more.
  for (const turn of ["first", "second"]) {
    const path = made(turn);
    await gone(path, () => unlinkSync(path));
  }
  for (const stop of stops) stop();
  expect(said).toBe(0);
});
