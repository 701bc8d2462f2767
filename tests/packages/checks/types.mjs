// The declarations in TypeScript projects: checked themselves (no skipLibCheck), by the oldest compiler that they ask for and by
// newer ones, with exactly the libraries that they need.
import { execFile } from "node:child_process";
import { deepEqual, ok } from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { here, programOf, root } from "../lib/install.mjs";
import { newApp } from "../lib/pack.mjs";

export const name = "types";
export const question = "Do the declarations compile, with which libraries, and by which compilers?";

const compilers = {
  "TypeScript 5.7": () => programOf("typescript-oldest", "tsc"),
  "TypeScript 6": () => join(root, "node_modules/typescript/bin/tsc"),
  "TypeScript 7": () => programOf("typescript", "tsc"),
};

const resolutions = {
  bundler: { module: "ESNext", moduleResolution: "bundler" },
  nodenext: { module: "NodeNext", moduleResolution: "NodeNext" },
};

/** What every program needs: the language, and the types of `using`. */
const language = ["ES2022", "ESNext.Disposable"];

/** The programs, with the library of the platform, or the types of Node, that they need. */
const needs = [
  { program: "portable", platform: "DOM", lib: ["DOM"], types: [] },
  { program: "portable", platform: "WebWorker", lib: ["WebWorker"], types: [] },
  { program: "web", platform: "DOM", lib: ["DOM"], types: [] },
  { program: "node", platform: "DOM and Node's types", lib: ["DOM"], types: ["node"] },
];

/** What of a platform the portable entry's declarations may name: all that a host without DOM would have to declare. */
const platformNames = ["AbortSignal", "BufferSource", "ReadableStream", "Response", "WebAssembly", "WritableStream"];

export async function run({ folder, tarball, test }) {
  const app = newApp(join(folder, "types"), tarball.path);
  cpSync(join(here, "types"), app, { recursive: true });
  mkdirSync(join(app, "node_modules/@types"), { recursive: true });
  for (const dependency of ["@types/node", "undici-types"]) {
    cpSync(join(here, "node_modules", dependency), join(app, "node_modules", dependency), { recursive: true });
  }

  /** What a compiler says about a program. */
  async function complaints(compiler, program, options) {
    const project = join(app, "tsconfig.json");
    const compilerOptions = {
      target: "ES2022",
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    };
    writeFileSync(
      project,
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files: [`${program}.ts`] }),
    );
    const told = await promisify(execFile)(
      process.execPath,
      [compilers[compiler](), "-p", project, "--pretty", "false"],
      {
        cwd: app,
      },
    ).catch((error) => error);
    return told.stdout.split("\n").filter((line) => line !== "");
  }

  for (const compiler of Object.keys(compilers)) {
    for (const [resolution, options] of Object.entries(resolutions)) {
      // Resolving is the same in all of them; the older ones take seconds a program.
      if (compiler !== "TypeScript 7" && resolution !== "nodenext") continue;
      for (const { program, platform, lib, types } of needs) {
        await test(`${compiler}, ${resolution}, ${platform}: ${program}`, async () => {
          deepEqual(await complaints(compiler, program, { ...options, lib: [...language, ...lib], types }), []);
        });
      }
    }
  }
  await test(`of a platform, the portable entry's types name no more than ${platformNames.join(", ")}`, async () => {
    const lines = await complaints("TypeScript 6", "portable", { ...resolutions.nodenext, lib: language, types: [] });
    const missing = lines
      .filter((line) => line.startsWith("node_modules/forebay/"))
      .flatMap((line) => /Cannot find (?:name|namespace) '(\w+)'/.exec(line)?.slice(1) ?? []);
    ok(missing.includes("WebAssembly"), lines.join("\n"));
    deepEqual(
      missing.filter((missed) => !platformNames.includes(missed)),
      [],
    );
  });
}
