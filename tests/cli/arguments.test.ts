import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandLine } from "../../src/cli/face.js";
import { plainScan } from "../../src/cli/scan/arguments.js";
import type { ScanOptions } from "../../src/cli/scan/options.js";

/** What the package makes of a call. */
async function understood(args: readonly string[]) {
  let call: unknown;
  const program = commandLine(async (literal, paths, options: ScanOptions) => {
    call = { literal, paths, options: { ...options } };
    throw new Error("It is understood.");
  });
  // It would end the process.
  for (const command of [program, ...program.commands]) {
    command.exitOverride((error) => {
      throw error;
    });
    command.configureOutput({ writeErr() {}, writeOut() {} });
  }
  await program.parseAsync(["scan", ...args], { from: "user" }).catch(() => undefined);
  return call;
}

const anyArgument = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("needle", "a", "b", "-", "4", "1KiB", "") },
  {
    weight: 4,
    arbitrary: fc.constantFrom("-c", "-l", "--json", "--count", "--files-with-matches", "--sort", "--summary"),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom("-j", "-j4", "-j0", "--threads", "--threads=2", "--window", "--max-line=1K"),
  },
  fc.constantFrom(
    "--piece",
    "--explain",
    "-cl",
    "-cj3",
    "-j=4",
    "--json=1",
    "--window=",
    "--",
    "-h",
    "-V",
    "--no",
    "-1",
  ),
);

describe("a plain call of scan", () => {
  it("is understood as by the package that understands all", async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyArgument, { maxLength: 7 }), async (args) => {
        const call = plainScan(args);
        if (call === undefined) return;
        plain++;
        expect(call).toEqual(await understood(args));
      }),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(50);
  });

  it.each([[["needle", "a", "b"]], [["-c", "needle", "a", "-j2"]], [["--json", "--max-line", "1KiB", "-", "-"]]])(
    "%j is one",
    (args) => {
      expect(plainScan(args)).toBeDefined();
    },
  );

  it.each([[[]], [["needle"]], [["--", "a", "b"]], [["-j", "0", "a", "b"]], [["--help"]], [["--toString", "a", "b"]]])(
    "%j is none",
    (args) => {
      expect(plainScan(args)).toBeUndefined();
    },
  );
});
