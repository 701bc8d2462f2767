// Compiles mean.ts as a project of its own would, and runs it over an arena: the kernel sees the very memory that the Buf
// lies in.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Arena } from "forebay";

// A project that has forebay installed; here the installed package is this very checkout.
const project = mkdtempSync(join(tmpdir(), "forebay-kernel-"));
mkdirSync(join(project, "node_modules"));
symlinkSync(fileURLToPath(new URL("../..", import.meta.url)), join(project, "node_modules/forebay"), "dir");
copyFileSync(fileURLToPath(new URL("mean.ts", import.meta.url)), join(project, "mean.ts"));

const asc = join(dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")), "bin/asc.js");
const flags = ["--runtime", "stub", "--importMemory", "--use", "abort=", "--noAssert", "-O3"];
execFileSync(process.execPath, [asc, "mean.ts", ...flags, "-o", "mean.wasm"], { cwd: project, stdio: "inherit" });

const arena = await Arena.create();
const { mean } = await arena.load(readFileSync(join(project, "mean.wasm")));
rmSync(project, { recursive: true });

const buf = arena.buf({ element: "f32", capacity: 1000 });
const reader = buf.reader();
buf.pushAll(Array.from({ length: 101 }, (_, i) => i));
console.log(`mean: ${mean(buf.handle, reader.handle)}, left to read: ${reader.available}`);
// prints: mean: 50, left to read: 0
