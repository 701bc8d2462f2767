// Compiles the native peers of a bench: one C file each in bench/native, with gcc at -O3 for the processor that it runs on.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The path of the program made from bench/native/NAME.c. `libraries`: what to link, as in "fftw3f"; `target`: the processor that it
 * is made for, with none the architecture's first. Throws what gcc says.
 */
export function nativeProgram(name, libraries = [], target = ["-march=native"]) {
  const source = fileURLToPath(new URL(`../native/${name}.c`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "forebay-native-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, name);
  const links = libraries.map((library) => `-l${library}`);
  execFileSync("gcc", ["-O3", ...target, "-o", program, source, ...links, "-lm"], {
    stdio: ["ignore", "inherit", "pipe"],
  });
  return program;
}
