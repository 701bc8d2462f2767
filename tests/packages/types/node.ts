// The same for Node's entry.
import { Arena } from "forebay";
import { fileSource, readableSource, stdinSource } from "forebay/node";
import { createReadStream } from "node:fs";

export async function program(): Promise<void> {
  const arena = await Arena.create();
  arena.open(fileSource("recording.f32"), { element: "f32" });
  arena.open(readableSource(createReadStream("recording.f32")), { element: "f32" });
  arena.open(stdinSource(), { element: "u8" });
}
