/** The WASI command between pipes, in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { projectPath } from "../support/host.js";

const runner = projectPath("bench/lib/run_wasi.mjs");

function start(...args: string[]) {
  const child = spawn(process.execPath, ["--no-warnings", runner, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close").then(([code]) => code as number);
  child.stdout.setEncoding("utf8");
  return { child, ended };
}

describe("the WASI command between pipes", () => {
  it("shows what it found before it waits for more", async () => {
    const { child, ended } = start("scan", "needle", "-");
    child.stdin.write("a needle\nand ");
    // Nothing more is written until this has come.
    expect((await once(child.stdout, "data"))[0]).toBe("-:2\ta needle\n");
    child.stdin.write("another nee");
    child.stdin.write("dle\nneedle");
    child.stdin.end();
    let rest = "";
    child.stdout.on("data", (text) => {
      rest += text;
    });
    expect(await ended).toBe(0);
    expect(rest).toBe("-:21\tand another needle\n-:28\tneedle\n");
  });

  it("adds up samples that come bit by bit", async () => {
    const { child, ended } = start("stats", "--json", "--element", "f64", "-");
    const samples = new Uint8Array(Float64Array.of(1, 2, 6).buffer);
    let out = "";
    child.stdout.on("data", (text) => {
      out += text;
    });
    for (let at = 0; at < samples.length; at += 5) {
      child.stdin.write(samples.subarray(at, at + 5));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(JSON.parse(out).stats[0]).toMatchObject({ count: 3, min: 1, max: 6, mean: 3 });
  });

  it("ends quietly when nobody reads any more", async () => {
    const { child, ended } = start("scan", "needle", "-");
    child.stdin.on("error", () => {});
    child.stdout.once("data", () => child.stdout.destroy());
    const writing = setInterval(() => child.stdin.write("needle\n".repeat(20_000)), 1);
    expect(await ended).toBe(0);
    clearInterval(writing);
  });
});
