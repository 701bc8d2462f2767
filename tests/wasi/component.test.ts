/**
 * The WASI command as a component, made and run with jco (of tests/hosts/package.json, so `npm test` leaves this file out). Its
 * host is WASI preview 2, whose exit knows well and ill alone: a status of 2 becomes 1.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectPath } from "../support/host.js";

const jco = projectPath("tests/hosts/node_modules/@bytecodealliance/jco");
let folder: string;
let runner: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-component-"));
  const made = join(folder, "made");
  runner = join(made, "run.mjs");
  const tool = (...args: string[]) => execFileSync(process.execPath, [join(jco, "dist/jco.js"), ...args]);
  tool("new", projectPath("build/forebay.wasi.wasm"), "--wasi-command", "-o", join(folder, "forebay.component.wasm"));
  tool("transpile", join(folder, "forebay.component.wasm"), "-o", made, "--quiet");
  // What jco wrote imports the package that plays preview 2: the copy that belongs to this jco.
  const nested = join(jco, "node_modules/@bytecodealliance/preview2-shim");
  mkdirSync(join(made, "node_modules/@bytecodealliance"), { recursive: true });
  symlinkSync(realpathSync(nested), join(made, "node_modules/@bytecodealliance/preview2-shim"));
  writeFileSync(join(made, "package.json"), '{ "type": "module" }');
  writeFileSync(
    runner,
    `import { _setArgs } from "@bytecodealliance/preview2-shim/cli";
     import { _setPreopens } from "@bytecodealliance/preview2-shim/filesystem";
     _setPreopens({ ".": "." });
     _setArgs(["forebay", ...process.argv.slice(2)]);
     (await import("./forebay.component.js")).run.run();`,
  );
  mkdirSync(join(folder, "tree/a"), { recursive: true });
  writeFileSync(join(folder, "tree/b"), "needle");
  writeFileSync(join(folder, "tree/a/x"), "no\nneedle\n");
  writeFileSync(join(folder, "samples.f32"), new Uint8Array(Float32Array.of(1, 2, -3).buffer));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, ...args], { cwd: folder, input });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
}

describe("the WASI command as a component", () => {
  it("scans files and folders, and says what could not be read", () => {
    const out = "tree/a/x:3\tneedle\ntree/b:0\tneedle\n";
    expect(run(["scan", "needle", "tree"])).toEqual({ code: 0, out, err: "" });
    const err = "forebay: missing: no such file or directory\n";
    expect(run(["scan", "needle", "tree", "missing"])).toEqual({ code: 1, out, err });
    expect(run(["scan", "absent", "tree"])).toEqual({ code: 1, out: "", err: "" });
  });

  it("carries a match from read to read", () => {
    writeFileSync(join(folder, "long"), `${"x".repeat(2 ** 21 - 3)}needle${"y".repeat(2 ** 21)}needle`);
    expect(run(["scan", "-c", "needle", "long"]).out).toBe("long:2\n");
  });

  it("adds up samples", () => {
    const { code, out } = run(["stats", "--json", "samples.f32"]);
    expect([code, JSON.parse(out).stats[0]]).toEqual([
      0,
      { count: 3, min: -3, max: 2, mean: 0, rms: Math.sqrt(14 / 3) },
    ]);
  });

  it("reads standard input", () => {
    expect(run(["scan", "needle"], `${"filler\n".repeat(30_000)}needle\n`).out).toBe("-:210000\tneedle\n");
  });
});
