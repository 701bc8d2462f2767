// WASI: whole processes of the WASI command's scan under node:wasi beside those of the Node command, over one long file.
//
// The literal is absent, so the time is that of opening, reading and searching, not of printing. Figures are milliseconds from start
// to exit, with Node's own start-up in both, and data that the page cache holds.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rounds } from "./lib/rounds.mjs";

export const name = "wasi";
export const question = "Does the WASI command scan under node:wasi as fast as the Node command?";

const REACH = "≤ 1.3×";
const ABSENT = "Quetzalcoatl";
const PRESENT = "turbine intake";
const MIB = 2 ** 20;
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const sizes = {
  full: { fileBytes: 1024 * MIB, rounds: 11 },
  small: { fileBytes: 32 * MIB, rounds: 3 },
};

const commands = {
  wasi: ["--no-warnings", path("lib/run_wasi.mjs")],
  node: [path("../build/bin/forebay.cjs")],
};

/** Runs a command to its end and returns what it printed. Status 1 means that nothing was found. */
function call(command, cwd, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], { cwd, maxBuffer: 2 ** 28 });
  if (status !== 0 && status !== 1) throw new Error(`${command.at(-1)} ended with ${status}: ${stderr}`);
  return stdout.toString();
}

/** A long file: a MiB of lines over and over, one of which has `PRESENT`. */
function makeFile(file, bytes) {
  const line = "static int return struct unsigned void const for while a stream of data flows\n";
  const lines = line.repeat(MIB / line.length + 1);
  const chunk = Buffer.from(`${PRESENT}\n${lines}`).subarray(0, MIB);
  const descriptor = openSync(file, "w");
  for (let done = 0; done < bytes; done += chunk.length) writeSync(descriptor, chunk);
  closeSync(descriptor);
}

/**
 * @param {{ size: "small" | "full", signal?: AbortSignal }} options
 * @returns {Promise<{ what: string, ours: number, peer: string, peers: number, ratio: number, unit: string, reach: string }[]>}
 */
export async function run({ size, signal }) {
  const { fileBytes, rounds: timed } = sizes[size];
  const folder = mkdtempSync(join(tmpdir(), "forebay-bench-"));
  try {
    makeFile(join(folder, "long"), fileBytes);
    writeFileSync(join(folder, "empty"), "");
    check(folder, fileBytes / MIB);
    const time = async (what, file, reach) => {
      const { wasi, node } = await rounds({
        contestants: {
          wasi: () => call(commands.wasi, folder, "scan", "-c", ABSENT, file),
          node: () => call(commands.node, folder, "scan", "-c", ABSENT, file),
        },
        rounds: timed,
        warmup: 1,
        signal,
      });
      const ratio = wasi.median / node.median;
      return { what, ours: wasi.median, peer: "the Node command", peers: node.median, ratio, unit: "ms", reach };
    };
    return [
      await time(`${fileBytes / MIB} MiB file, literal absent`, "long", REACH),
      await time("nothing to search (start-up)", "empty", "–"),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both commands print the same, and find what is there. */
function check(folder, copies) {
  const [ours, theirs] = [commands.wasi, commands.node].map((command) =>
    call(command, folder, "scan", PRESENT, "long"),
  );
  if (ours !== theirs) throw new Error("the two commands print different things");
  const found = ours.split("\n").length - 1;
  if (found !== copies) throw new Error(`found ${found} of ${copies} matches`);
  if (call(commands.wasi, folder, "scan", ABSENT, "long") !== "") throw new Error("the file has the absent literal");
}
