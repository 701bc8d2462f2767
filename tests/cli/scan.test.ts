import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { naive } from "./oracle.js";
import { folder, forebay, shell, start } from "./run.js";

const text = "first line\nthe needle is here\nand needle, needle again\nlast needle";

const at = folder((path) => {
  const put = (name: string, data: string | Uint8Array) => writeFileSync(join(path, name), data);
  put("text", text);
  put("none", "nothing to see\n");
  put("empty", "");
  put("binary", Buffer.concat([Buffer.from([0, 255, 10, 0xfe]), Buffer.from("needle"), Buffer.from([0, 0x80, 10])]));
  put("long", `${"x".repeat(200_000)}needle${"y".repeat(200_000)}\nneedle\n`);
  put("-dash", "--needle\n");
  mkdirSync(join(path, "tree/.hidden/deep"), { recursive: true });
  put("tree/.hidden/deep/one", "needle\n");
  put("tree/two", "no\nneedle\n");
  put("tree/größe", "needle\n");
  symlinkSync("..", join(path, "tree/loop"));
  symlinkSync("../text", join(path, "tree/link"));
  symlinkSync("nowhere", join(path, "dangling"));
  put("rows", "one needle in a line\n".repeat(1000));
  put("lots", "needle\n".repeat(1_000_000));
  put("self", `${"needle".repeat(200)}\n`.repeat(3));
  put("sparse", "");
  truncateSync(join(path, "sparse"), 5 * 2 ** 30);
});

describe("forebay scan", () => {
  it("prints path, offset and line of every match", () => {
    const { code, out, err } = forebay(at(), ["scan", "needle", "text"]);
    expect(out).toBe(
      "text:15\tthe needle is here\ntext:34\tand needle, needle again\ntext:42\tand needle, needle again\ntext:60\tlast needle\n",
    );
    expect([code, err]).toEqual([0, ""]);
  });

  it("says by its status whether something was found, and that there was an error", () => {
    expect(forebay(at(), ["scan", "needle", "none", "empty"])).toEqual({ code: 1, out: "", err: "" });
    const { code, out, err } = forebay(at(), ["scan", "-c", "needle", "dangling", "text", "none"]);
    expect([code, out]).toEqual([2, "text:4\n"]);
    expect(err).toBe("forebay: dangling: no such file or directory\n");
  });

  it("keeps every byte of lines that are no text", () => {
    expect(forebay(at(), ["scan", "needle", "binary"]).out).toBe("binary:4\t\xfeneedle\0\x80\n");
  });

  it("walks folders, hidden ones too, and follows no symbolic link", () => {
    const { code, out } = forebay(at(), ["scan", "-l", "needle", "tree", "tree/"]);
    const names = ["tree/.hidden/deep/one", "tree/größe", "tree/two"].map((name) =>
      Buffer.from(name).toString("latin1"),
    );
    expect(out.trim().split("\n").sort()).toEqual([...names, ...names].sort());
    expect(code).toBe(0);
  });

  it("follows a symbolic link that is named", () => {
    expect(forebay(at(), ["scan", "-c", "needle", "tree/link"]).out).toBe("tree/link:4\n");
  });

  it("prints objects, with base64 for what is no UTF-8 and a mark for what is cut", () => {
    const { out } = forebay(at(), ["scan", "--json", "--max-line", "20", "needle", "text", "binary", "long"]);
    const objects = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(objects[0]).toEqual({ path: "text", offset: 15, line: "the needle is here" });
    expect(objects[1]).toEqual({ path: "text", offset: 34, line: "and needle, needle a", cut: true });
    expect(objects[4]).toEqual({
      path: "binary",
      offset: 4,
      lineBase64: Buffer.from("\xfeneedle\0\x80", "latin1").toString("base64"),
    });
    expect(objects[5]).toEqual({ path: "long", offset: 200_000, line: `${"x".repeat(10)}needleyyyy`, cut: true });
    expect(objects[6]).toEqual({ path: "long", offset: 400_007, line: "needle" });
  });

  it("prints objects for counts and paths", () => {
    expect(forebay(at(), ["scan", "--json", "-c", "needle", "text"]).out).toBe('{"path":"text","count":4}\n');
    expect(forebay(at(), ["scan", "--json", "-l", "needle", "text"]).out).toBe('{"path":"text"}\n');
  });

  it("cuts lines that are longer than --max-line, and tells the right offsets", () => {
    const lines = forebay(at(), ["scan", "needle", "long"]).out.split("\n");
    expect(lines[0]).toBe(`long:200000\t${"x".repeat(32_768)}needle${"y".repeat(32_762)}`);
    expect(lines[1]).toBe("long:400007\tneedle");
  });

  it("sums up", () => {
    const { err } = forebay(at(), ["scan", "--summary", "needle", "text", "none"]);
    const { seconds, ...rest } = JSON.parse(err);
    expect(rest).toEqual({ files: 2, bytes: text.length + 15, matches: 4 });
    expect(seconds).toBeGreaterThan(0);
  });

  it("takes literals that begin with a dash and files behind --", () => {
    expect(forebay(at(), ["scan", "--", "--needle", "-dash"]).out).toBe("-dash:0\t--needle\n");
  });

  it("reads standard input from a pipe and from a file", () => {
    expect(forebay(at(), ["scan", "-c", "needle", "-"], text).out).toBe("-:4\n");
    expect(shell(at(), "forebay scan -c needle - < text").out).toBe("-:4\n");
    const long = `${"filler\n".repeat(300_000)}needle\n`;
    expect(forebay(at(), ["scan", "needle", "-"], long).out).toBe("-:2100000\tneedle\n");
  });

  it("reads FIFOs and files that the system makes up", () => {
    expect(shell(at(), "mkfifo pipe; (cat text > pipe &); forebay scan -c needle pipe").out).toBe("pipe:4\n");
    expect(forebay(at(), ["scan", "-c", "MemTotal", "/proc/meminfo"]).out).toBe("/proc/meminfo:1\n");
    expect(forebay(at(), ["scan", "x", "/dev/null"])).toEqual({ code: 1, out: "", err: "" });
  });

  it("ends quietly when nobody reads any more", () => {
    const { code, out, err } = shell(
      at(),
      "yes needle | head -c 20000000 > many; forebay scan needle many | head -n 1; echo $PIPESTATUS",
    );
    expect([code, out, err]).toEqual([0, "many:0\tneedle\n0\n", ""]);
  });

  it("stops at Ctrl-C with what was found so far", async () => {
    const { child, ended } = start(at(), ["scan", "--summary", "needle", "text", "/dev/zero"]);
    setTimeout(() => child.kill("SIGINT"), 600);
    const { code, out, err } = await ended;
    expect([code, out.split("\n").length]).toEqual([130, 5]);
    expect(JSON.parse(err).matches).toBe(4);
  });

  it("stops at Ctrl-C while a regular file is read", async () => {
    const { child, ended } = start(at(), ["scan", "needle", "text", ...Array(20).fill("sparse")]);
    setTimeout(() => child.kill("SIGINT"), 600);
    expect((await ended).code).toBe(130);
  });

  it.each([
    [["scan"], /missing required argument/],
    [["scan", "needle"], /missing required argument/],
    [["scan", "-j", "0", "needle", "text"], /whole number from 1 to 64/],
    [["scan", "", "text"], /empty/],
    [["scan", "--window", "5", "needle", "text"], /must hold the literal, which has 6 bytes/],
    [["scan", "--window", "much", "needle", "text"], /number of bytes/],
    [["scan", "--nonsense", "needle", "text"], /unknown option/],
    [["nonsense"], /unknown command/],
  ])("refuses %j", (args, message) => {
    const { code, out, err } = forebay(at(), args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });

  it("takes -j 1, tells its version, and has help with examples", () => {
    expect(forebay(at(), ["scan", "-j", "1", "-c", "needle", "text"]).code).toBe(0);
    expect(forebay(at(), ["--version"]).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { code, out } = forebay(at(), ["scan", "--help"]);
    expect(code).toBe(0);
    expect(out).toMatch(/Examples:\n/);
  });

  // With as many threads as it chooses, and with three that share pieces of 500 bytes.
  it.each([
    [["needle", "text", "long", "none", "text"]],
    [["--json", "needle", "text", "binary"]],
    [["-c", "needle", "text", "rows", "tree"]],
    [["-l", "needle", "text", "rows", "none"]],
    [["--json", "-c", "needle", "rows"]],
    [["--max-line", "10", "needle", "long", "rows"]],
    [["needleneedle", "self"]],
    [["needle", "dangling", "tree", "gone", "rows", "/dev/null", "text", "/proc/meminfo"]],
    [["absent", "text", "rows"]],
  ])("scan --sort %j answers as with -j 1", (args) => {
    const run = (...more: string[]) => {
      const { code, out, err } = forebay(at(), ["scan", "--summary", ...more, ...args]);
      const { bytes, seconds, ...sums } = JSON.parse(err.trim().split("\n").at(-1)!);
      expect(seconds).toBeGreaterThan(0);
      // With -l it depends on the threads how much is read before it is seen that this is enough.
      return { code, out, complaints: err.split("\n").slice(0, -2), ...sums, bytes: args.includes("-l") ? 0 : bytes };
    };
    const one = run("-j1");
    expect(run("--sort")).toEqual(one);
    expect(run("--sort", "-j3", "--piece", "500")).toEqual(one);
  });

  it("mixes no lines where several threads print as they find", () => {
    const lines = (...args: string[]) =>
      forebay(at(), ["scan", ...args, "needle", "tree", "rows", "self"]).out.split("\n");
    expect(lines("-j4", "--piece", "100").sort()).toEqual(lines("-j1").sort());
  });

  it("ends quietly with threads, too, when nobody reads any more", () => {
    const line = "forebay scan -j3 --piece 4096 needle lots | head -n 1; echo $PIPESTATUS";
    expect(shell(at(), line)).toEqual({ code: 0, out: "lots:0\tneedle\n0\n", err: "" });
  });

  it("stops at Ctrl-C while threads work", async () => {
    const args = ["scan", "-j3", "--piece", "1MiB", "--summary", "needle", "text", ...Array(400).fill("sparse")];
    const { child, ended } = start(at(), args);
    setTimeout(() => child.kill("SIGINT"), 800);
    const { code, out, err } = await ended;
    expect([code, out.split("\n").length]).toEqual([130, 5]);
    expect(JSON.parse(err).matches).toBe(4);
  });

  it("says how many threads worked, and why", () => {
    const explain = (...args: string[]) => forebay(at(), ["scan", "--explain", ...args, "needle", "text"]).err;
    expect(explain("-j1")).toBe("forebay: up to 1 thread (-j 1); 1 was enough: no other was worth its start\n");
    expect(explain("-j2")).toBe("forebay: up to 2 threads (-j 2); 1 was enough: no other was worth its start\n");
    expect(explain("-j3", "--piece", "1")).toBe("forebay: up to 3 threads (-j 3); 3 worked\n");
    expect(explain()).toMatch(/^forebay: up to \d+ threads? \(\d+ cores?\); 1 was enough/);
  });

  it.each([6, 7, 61, 4099])("answers as a naive search does with --window %i", (window) => {
    const many = `${"needle in text, needleedle\n\n".repeat(300)}${"n".repeat(5000)}needle`;
    const { out } = forebay(at(), ["scan", "--json", "--window", String(window), "needle", "-"], many);
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).offset),
    ).toEqual(naive(many, "needle"));
  });
});
