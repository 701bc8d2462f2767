/** The WASI command prints what the Node command prints. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { statsTable } from "../../src/cli/stats/table.js";
import { naive } from "../cli/oracle.js";
import { folder, forebay, type Outcome } from "../cli/run.js";
import { numbered } from "../flow/support.js";
import { projectPath } from "../support/host.js";
import { type Host, underNode, underShim } from "./hosts.js";
import { command, fewAtATime, runUwasi } from "./shims.js";

const text = "first line\nthe needle is here\nand needle, needle again\nlast needle";
const long = `${"x".repeat(200_000)}needle${"y".repeat(200_000)}\nneedle\n`;

const at = folder((path) => {
  const put = (name: string, data: string | NodeJS.ArrayBufferView) => writeFileSync(join(path, name), data);
  put("text", text);
  put("none", "nothing to see\n");
  put("empty", "");
  put("binary", Buffer.concat([Buffer.from([0, 255, 10, 0xfe]), Buffer.from("needle"), Buffer.from([0, 0x80, 10])]));
  put("quoted", 'needle "\\ \t\b\f\r\u0001\u001f ü € 😀 \u2028\u007f\n');
  for (const [i, bytes] of ["c0af", "eda080", "f4908080", "e28280", "c3", "f0808080", "f48fbfbf", "efbfbf"].entries()) {
    put(`utf8-${i}`, Buffer.concat([Buffer.from("needle "), Buffer.from(bytes, "hex")]));
  }
  put("long", long);
  put("-dash", "--needle\n");
  mkdirSync(join(path, "tree/.hidden/deep"), { recursive: true });
  mkdirSync(join(path, "tree/a"));
  mkdirSync(join(path, "tree/a.b"));
  mkdirSync(join(path, "many"));
  for (const name of ["tree/.hidden/deep/one", "tree/two", "tree/größe", "tree/a/x", "tree/a.b/x", "tree/B"]) {
    put(name, "no\nneedle\n");
  }
  // More entries than one answer of fd_readdir holds, not made in their order.
  for (let i = 0; i < 1500; i++) {
    put(`many/${((i * 769) % 1500).toString(36)}-${"long name ".repeat(10)}`, i % 10 === 0 ? "needle" : "");
  }
  put(
    "samples.f32",
    Float32Array.from({ length: 30_001 }, (_, i) => Math.sin(i) * 10 ** ((i % 70) - 35)),
  );
  put(
    "samples.S16",
    Int16Array.from({ length: 5000 }, (_, i) => Math.imul(i, 7919)),
  );
  put(
    "numbers.f64",
    new Uint8Array(Float64Array.of(1e21, -0.1, 5e-324, 1.7976931348623157e308, 123456.5, 0.00001).buffer),
  );
  put("nan.f64", new Uint8Array(Float64Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY).buffer));
  put("partial.f32", numbered(4 * 10 + 3));
  put("noise", numbered(100_003));
});

/** Links are there for node:wasi alone: the shim has none. */
const withLinks = folder((path) => {
  mkdirSync(join(path, "tree"));
  writeFileSync(join(path, "text"), text);
  symlinkSync("..", join(path, "tree/loop"));
  symlinkSync("../text", join(path, "tree/link"));
  symlinkSync("nowhere", join(path, "dangling"));
});

/** What it printed and how it ended, without how much memory it took. */
function outcome(host: Host, folder: string, args: readonly string[], input = "") {
  const { code, out, err } = host(folder, { args, input: Buffer.from(input, "latin1") });
  return { code, out, err };
}

/** What the Node command leaves behind; asked once for all hosts. */
const known = new Map<string, Outcome>();
function expected(args: readonly string[], input: string | Uint8Array = ""): Outcome {
  const key = JSON.stringify([args, input.length]);
  const outcome = known.get(key) ?? forebay(at(), args, input);
  known.set(key, outcome);
  return outcome;
}

const withoutFiles: Host = (_folder, run) => runUwasi(run);

const hosts: [string, Host][] = [
  ["node:wasi", underNode],
  ["browser_wasi_shim", underShim],
];

describe.each(hosts)("the WASI command under %s", (_name, host) => {
  it.each([
    ["scan needle text"],
    ["scan needle text none empty binary long quoted"],
    ["scan --json needle text none empty binary long quoted"],
    ["scan --json --max-line 20 needle text binary long"],
    ["scan --json needle utf8-0 utf8-1 utf8-2 utf8-3 utf8-4 utf8-5 utf8-6 utf8-7"],
    ["scan --window 7 needle text binary"],
    ["scan --window 1.5KiB needle text long"],
    ["scan -c needle missing text none"],
    ["scan -c needle text/ tree/two/"],
    ["scan -l needle tree tree/ ./tree tree/a many"],
    ["scan needle ."],
    ["scan --json -c needle tree many"],
    ["scan -j1 -cl --max-line=0 needle tree"],
    ["scan größe tree"],
    ["scan -- --needle -dash"],
    ["scan --window 5 needle text"],
    ["scan -cx needle text"],
    ["stats samples.f32"],
    ["stats --json samples.f32"],
    ["stats --json --channels 2 samples.S16"],
    ["stats --json numbers.f64"],
    ["stats nan.f64"],
    ["stats --json partial.f32"],
    ["stats --element u8 --channels 7 noise"],
    ["stats --element u32 --channels 5 --json noise"],
    ["stats empty"],
    ["stats --json --channels 2 empty"],
    ["stats tree"],
    ["stats missing"],
  ])("prints what the Node command prints: forebay %s", (line) => {
    const args = line.split(" ");
    expect(outcome(host, at(), args)).toEqual(expected(args));
  });

  it("reads standard input", () => {
    for (const args of [
      ["scan", "needle", "-"],
      ["scan", "-c", "needle", "text", "-"],
      ["stats", "--json", "-"],
    ]) {
      for (const input of [text, long]) {
        expect(outcome(host, at(), args, input)).toEqual(expected(args, Buffer.from(input, "latin1")));
      }
    }
    // Where nothing is named, it is standard input that is read.
    expect(outcome(host, at(), ["scan", "-c", "needle"], text).out).toBe("-:4\n");
    expect(outcome(host, at(), ["stats", "--element", "u8"], text).out).toMatch(/^-: u8 .* 1 channel \(as told/);
  });

  it("sums up", () => {
    const { err } = outcome(host, at(), ["scan", "--summary", "needle", "text", "none"]);
    const { seconds, ...rest } = JSON.parse(err);
    expect(rest).toEqual({ files: 2, bytes: text.length + 15, matches: 4 });
    expect(seconds).toBeGreaterThanOrEqual(0);
  });

  it("has help, and says what is wrong with a call", () => {
    for (const args of [["--help"], ["-h"], ["help"], ["help", "scan"], ["scan", "--help"], ["stats", "-h"]]) {
      const { code, out, err } = outcome(host, at(), args);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^Usage: forebay/);
    }
    for (const [args, message] of [
      [[], /^Usage: forebay/],
      [["scan"], /missing required argument 'literal'/],
      [["scan", "", "text"], /the literal is empty/],
      [["scan", "-j", "2", "needle", "text"], /only one thread/],
      [["scan", "-j", "0", "needle", "text"], /'0' is invalid/],
      [["scan", "--window", "much", "needle"], /'much' is invalid. It must be a number of bytes/],
      [["scan", "needle", "--window"], /'--window' argument missing/],
      [["scan", "--window", "1G", "needle"], /go up to 268435456 bytes/],
      [["scan", "--json=3", "needle"], /unknown option '--json'/],
      [["stats", "--element", "u7", "text"], /no elements of type 'u7'/],
      [["stats", "--channels", "65536", "text"], /from 1 to 65535/],
      [["stats", "a", "b"], /too many arguments/],
    ] as const) {
      const { code, out, err } = outcome(host, at(), args);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(message);
    }
  });

  it("answers as a naive search does, whatever a read brings", () => {
    const piece = fc.constantFrom("a", "b", "aab", "\n", "ab\nab", "\xff");
    const content = fc.array(piece, { maxLength: 200 }).map((parts) => parts.join(""));
    const literal = fc.constantFrom("a", "ab", "aab", "b\na", "\n", "aabaab");
    const lengths = fc.array(fc.constantFrom(1, 2, 3, 7, 50, 0, -1), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(content, literal, lengths, fc.nat(40), (content, literal, lengths, more) => {
        fc.pre(lengths.some((length) => length > 0));
        const args = ["scan", "--json", "--window", String(literal.length + more), literal];
        const input = Buffer.from(content, "latin1");
        const { code, out, err } = host(at(), { args, input, between: fewAtATime(lengths) });
        const offsets = [...out.matchAll(/"offset":(\d+)/g)].map((match) => Number(match[1]));
        expect([err, offsets]).toEqual(["", naive(content, literal)]);
        expect(code).toBe(offsets.length > 0 ? 0 : 1);
      }),
      { numRuns: host === underNode ? 60 : 150 },
    );
  });

  it("gives the same statistics, whatever a read brings", () => {
    const args = ["stats", "--json", "--element", "i16", "--channels", "3", "-"];
    const whole = outcome(host, at(), args, Buffer.from(numbered(30_001)).toString("latin1"));
    for (const lengths of [[1], [2, 3], [5, 0, 997, -1], [6]]) {
      const { code, out, err } = host(at(), { args, input: numbered(30_001), between: fewAtATime(lengths) });
      expect({ code, out, err }).toEqual(whole);
    }
  });

  it("takes no more memory for more to read", () => {
    const bytes = (input: Uint8Array) => host(at(), { args: ["scan", "-c", "needle"], input }).memoryBytes;
    const little = bytes(numbered(10));
    expect(bytes(Buffer.from("needle and some more\n".repeat(500_000)))).toBe(little);
    expect(little).toBeLessThan(4 * 2 ** 20);
  });

  it("names what the host answers a read with", () => {
    const run = {
      args: ["scan", "-c", "needle", "text"],
      between: (calls: object) => ({ ...calls, fd_read: () => 29 }),
    };
    const { code, out, err } = host(at(), run);
    expect([code, out, err]).toEqual([2, "", "forebay: text: i/o error\n"]);
  });

  it("ends quietly when nobody reads any more, and with an error when nothing can be written", () => {
    const ending = (errno: number) =>
      host(at(), { args: ["scan", "needle", "text"], between: (calls) => ({ ...calls, fd_write: () => errno }) }).code;
    expect([ending(64), ending(51)]).toEqual([0, 2]);
  });
});

describe("the WASI command", () => {
  it("imports nothing but WASI's functions, and exports its memory and its begin", () => {
    const imports = WebAssembly.Module.imports(command());
    expect(new Set(imports.map((entry) => `${entry.module} ${entry.kind}`))).toEqual(
      new Set(["wasi_snapshot_preview1 function"]),
    );
    expect(
      WebAssembly.Module.exports(command())
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["_start", "memory"]);
  });

  it("tells the package's version", () => {
    const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
    expect(outcome(underNode, at(), ["--version"]).out).toBe(`${version}\n`);
  });

  it("looks first for the bytes that the library's searches look for first", () => {
    const numbersIn = (path: string) => readFileSync(projectPath(path), "utf8");
    const ours = /data<u8>\(\[([\s\d,]+)\]/.exec(numbersIn("assembly/wasi/rare.ts"))?.[1] ?? "";
    const theirs = [...numbersIn("src/kernel/rare.ts").matchAll(/"([0-9a-f]{64})"/g)].map((match) => match[1]).join("");
    expect(Buffer.from((ours.match(/\d+/g) ?? []).map(Number)).toString("hex")).toBe(theirs);
    expect(theirs).toHaveLength(512);
  });

  it("follows a symbolic link that is named, and none in a folder", () => {
    for (const args of [
      ["scan", "-c", "needle", "tree/link"],
      ["scan", "-l", "needle", "."],
      ["scan", "a", "dangling"],
    ]) {
      expect(outcome(underNode, withLinks(), args)).toEqual(forebay(withLinks(), args));
    }
  });

  it("reads absolute paths, special files and none beyond what it may see", () => {
    const inside = join(at(), "tree");
    for (const args of [
      ["scan", "-l", "needle", inside],
      ["scan", "-c", "MemTotal", "/proc/meminfo"],
      ["scan", "x", "/dev/null"],
    ]) {
      expect(outcome(underNode, at(), args)).toEqual(expected(args));
    }
    const { code, err } = outcome(underShim, at(), ["scan", "x", "/etc/hostname"]);
    expect([code, err]).toEqual([
      2,
      "forebay: /etc/hostname: it lies in no directory that this command may see (see --help)\n",
    ]);
  });

  it("works on text where the host has nothing else: uwasi", () => {
    const lines = `${"filler\n".repeat(30_000)}the needle, needle\n`;
    for (const args of [
      ["scan", "needle", "-"],
      ["scan", "--json", "needle", "-"],
      ["stats", "--json", "--element", "u8", "-"],
    ]) {
      expect(outcome(withoutFiles, at(), args, lines)).toEqual(forebay(at(), args, lines));
    }
    const { code, err } = outcome(withoutFiles, at(), ["scan", "needle", "text"]);
    expect([code, err]).toEqual([2, "forebay: text: it lies in no directory that this command may see (see --help)\n"]);
  });
});

describe("numbers", () => {
  it("are printed as JavaScript prints them", () => {
    const parts = fc.record({
      mantissa: fc.bigInt(0n, 2n ** 53n - 1n),
      exponent: fc.integer({ min: -1100, max: 980 }),
    });
    const decimal = fc.record({ digits: fc.nat(99_999_999), power: fc.integer({ min: -12, max: 12 }) });
    const value = fc.oneof(
      fc.double(),
      parts.map(({ mantissa, exponent }) => Number(mantissa) * 2 ** (exponent / 2) * 2 ** (exponent / 2)),
      decimal.map(({ digits, power }) => Number(`${digits}e${power}`)),
      fc.integer({ min: -1074, max: 1023 }).map((power) => 2 ** power),
    );
    const special = [0, -0, 1e15, 999999.5, 9999995, 1e-4, 0.00009999995, 1e21, 1e-7, 123456.5, 1234565, 1e23];
    const values = [...fc.sample(value, { numRuns: 6000, seed: 7 }), ...special];
    const input = new Uint8Array(Float64Array.from(values).buffer);
    // A sample is the minimum, the maximum and the mean of itself: a channel for each.
    const rows = values.map((x) => ({ count: 1, min: x, max: x, mean: x + 0, rms: Math.sqrt(x * x) }));
    const printed = (...options: string[]) => {
      const args = ["stats", "--element", "f64", "--channels", String(values.length), ...options, "-"];
      return underShim(at(), { args, input }).out;
    };
    const differing = (ours: string[], theirs: string[]) => ours.filter((row, i) => row !== theirs[i]).slice(0, 5);
    const split = (json: string) => json.slice(json.indexOf('"stats"')).split("}");
    expect(differing(split(printed("--json")), split(`${JSON.stringify({ stats: rows })}\n`))).toEqual([]);
    const table = printed().split("\n").slice(2);
    expect(differing(table, statsTable(rows).split("\n").concat(""))).toEqual([]);
    expect(table).toHaveLength(rows.length + 2);
  });
});
