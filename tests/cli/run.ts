/** Runs the built command. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { projectPath, variable } from "../support/host.js";

/** The command as it was built. */
export const main = join(variable("FOREBAY_BUILD") ?? projectPath("build"), "bin/forebay.cjs");

/** What a run left behind; `out` as latin1, so that every byte can be seen. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs it to its end in `cwd`, with `input` through a pipe. */
export function forebay(cwd: string, args: readonly string[], input: string | Uint8Array = ""): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd, input, maxBuffer: 2 ** 28 });
  return { code: status, out: stdout.toString("latin1"), err: stderr.toString("utf8") };
}

/** Runs a line of shell in `cwd`; `forebay` is a function there. */
export function shell(cwd: string, line: string): Outcome {
  const script = `forebay() { "${process.execPath}" "${main}" "$@"; }\n${line}`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { cwd, maxBuffer: 2 ** 28 });
  return { code: status, out: stdout.toString("latin1"), err: stderr.toString("utf8") };
}

/** Starts it and lets it run. */
export function start(cwd: string, args: readonly string[]): { child: ChildProcess; ended: Promise<Outcome> } {
  const child = spawn(process.execPath, [main, ...args], { cwd });
  let out = "";
  let err = "";
  child.stdout.setEncoding("latin1").on("data", (text) => (out += text));
  child.stderr.on("data", (text) => (err += text));
  const ended = new Promise<Outcome>((resolve) => child.on("close", (code) => resolve({ code, out, err })));
  return { child, ended };
}

/** A folder for the tests of a file, which is removed behind them. */
export function folder(fill: (path: string) => void): () => string {
  let path = "";
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), "forebay-cli-"));
    fill(path);
  });
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return () => path;
}
