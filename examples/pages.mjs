// Pages: an index is read from the end of a big file, then records at random places, several of which are kept at once.
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Arena } from "forebay";
import { fileSource } from "forebay/node";
import { openPages } from "forebay/pages";

// A file of 64 MiB, almost all of it a hole: three records at odd places, and where they are in its last 24 bytes.
const folder = mkdtempSync(join(tmpdir(), "forebay-"));
const path = join(folder, "records.bin");
const bytes = 64 * 2 ** 20;
const places = [41, 20_000_001, 60_000_003];
const file = openSync(path, "w");
ftruncateSync(file, bytes);
for (const [at, place] of places.entries()) writeSync(file, `record ${at}`, place);
writeSync(file, new Float64Array(places), 0, 24, bytes - 24);
closeSync(file);

const arena = await Arena.create();
const pages = openPages(arena, fileSource(path), { element: "u8" });

const end = await pages.ready(bytes - 24, 24);
const index = new Float64Array(end.window.data.slice().buffer);
end.window.release();

// One call: what lies side by side would be fetched together. Each window stays as it is until it is released.
const answers = await pages.readyAll([...index].map((position) => ({ position, frames: 8 })));
const text = new TextDecoder();
for (const { window } of answers) console.log(`${window.start}: ${text.decode(window.data)}`);
console.log(`${pages.stats.held} bytes are held, ${pages.stats.bytes / 1024} KiB were read`);
for (const { window } of answers) window.release();

console.log(`again: ${pages.window(41, 8).state}, and ${pages.window(30_000_000, 8).state} elsewhere`);
await pages.close();
rmSync(folder, { recursive: true });
// prints: 41: record 0
// prints: 20000001: record 1
// prints: 60000003: record 2
// prints: 24 bytes are held, 16 KiB were read
// prints: again: ready, and not-ready elsewhere
