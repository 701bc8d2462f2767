// publint and "are the types wrong?" over the tarball.
import { execFile } from "node:child_process";
import { deepEqual, fail } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { programOf, root } from "../lib/install.mjs";

export const name = "lint";
export const question = "Do publint and “are the types wrong?” find nothing?";

/** Entries without JavaScript, which have no types to be wrong. */
const untyped = ["./core.wasm", "./package.json", "./assembly"];

export async function run({ tarball, test }) {
  await test("publint finds nothing, suggestions included", async () => {
    const bytes = readFileSync(tarball.path);
    const { messages, pkg } = await publint({
      // The folder that all files of a tarball lie in.
      pkgDir: "package",
      strict: true,
      level: "suggestion",
      pack: { tarball: bytes.buffer },
    });
    deepEqual(
      messages.map((message) => formatMessage(message, pkg, { color: false })),
      [],
    );
  });
  await test("the types are not wrong, for programs that are ECMAScript modules", async () => {
    const manifest = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
    const excluded = Object.keys(manifest.exports).filter(
      (entry) => entry.endsWith(".wasm") || untyped.includes(entry),
    );
    const attw = [programOf("@arethetypeswrong/cli", "attw"), tarball.path, "--profile", "esm-only"];
    const check = (...more) =>
      promisify(execFile)(process.execPath, [...attw, ...more, "--exclude-entrypoints", ...excluded], {
        maxBuffer: 2 ** 26,
      });
    // It ends with 1 when it finds something, and says what in a table.
    await check("--format", "ascii").catch(({ stdout }) => fail(stdout));
    const { stdout } = await check("--format", "json");
    const typed = Object.keys(manifest.exports).filter((entry) => !excluded.includes(entry));
    deepEqual(Object.keys(JSON.parse(stdout).analysis.entrypoints).sort(), typed.sort());
  });
}
