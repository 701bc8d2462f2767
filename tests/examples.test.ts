/** Every example runs and prints what its `// prints:` lines say. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../examples", import.meta.url));
const programs = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".mjs"));

/** The programs of the README: those that begin with a name. */
const readme = readFileSync(join(folder, "../README.md"), "utf8");
const ofReadme = [...readme.matchAll(/```js\n(\/\/ ([\w-]+\.mjs)\n[\s\S]*?)```/g)].map((match) => ({
  name: match[2] as string,
  program: match[1] as string,
}));

describe("an example", () => {
  it.each(programs)("%s prints what it says", async (path) => {
    const program = join(folder, path);
    const promised = [...readFileSync(program, "utf8").matchAll(/^\/\/ prints: (.*)$/gm)].map((match) => match[1]);
    expect(promised.length).toBeGreaterThan(0);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program]);
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toEqual(promised);
  });

  it.each(ofReadme)("$name of the README runs as it stands", async ({ program }) => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: join(folder, ".."),
    });
    const promised = [...program.matchAll(/^\/\/ prints: (.*)$/gm)].map((match) => match[1]);
    expect(promised.length).toBeGreaterThan(0);
    expect(stdout.trimEnd().split("\n")).toEqual(promised);
  });

  it("is the README's first", () => {
    expect(ofReadme.map(({ name }) => name)).toContain("start.mjs");
  });
});
