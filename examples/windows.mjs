// Overlapping windows over a file of f32 samples, with no half windows to carry by hand.
import { writeFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Arena } from "forebay";
import { fileSource } from "forebay/node";

const path = join(tmpdir(), `forebay-example-${process.pid}.f32`);
writeFileSync(
  path,
  Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 20)),
);

const arena = await Arena.create();
const flow = arena.open(fileSource(path), { element: "f32" });
let loudest = { level: 0, start: 0 };
for await (const window of flow.windows({ size: 1024, hop: 256 })) {
  const level = Math.hypot(...window.data) / Math.sqrt(window.length);
  if (level > loudest.level) loudest = { level, start: window.start };
}
await flow.close();
rmSync(path);

console.log(`loudest window: at ${loudest.start}, RMS ${loudest.level.toFixed(3)}`);
// prints: loudest window: at 1280, RMS 0.713
