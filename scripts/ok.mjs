// The gate: every check that a commit has to pass, one line each, and a stop at the first that does not hold.
//
//   node scripts/ok.mjs [--only STEP,…] [--skip STEP,…] [--list]
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const BIOME = "node_modules/@biomejs/biome/bin/biome";
const ESLINT = "node_modules/eslint/bin/eslint.js";
const PRETTIER = "node_modules/prettier/bin/prettier.cjs";
const TSC = "node_modules/typescript/bin/tsc";
const ASC = "node_modules/assemblyscript/bin/asc.js";
const VITEST = "node_modules/vitest/vitest.mjs";

/** Every build that asconfig.json names, without its output, and the face for AssemblyScript projects as they compile it. */
function assemblyTypes() {
  const targets = Object.keys(JSON.parse(readFileSync("asconfig.json", "utf8")).targets);
  const commands = targets.map((target) => [ASC, "--config", "asconfig.json", "--target", target, "--noEmit"]);
  for (const config of ["asconfig.wasi.json", "asconfig.shared.json", "asconfig.signal.json"]) {
    commands.push([ASC, "--config", config, "--target", "release", "--noEmit"]);
  }
  if (existsSync("assembly/index.ts")) {
    commands.push([
      ASC,
      "assembly/index.ts",
      "--config",
      "none",
      "--runtime",
      "incremental",
      "--enable",
      "simd",
      "--noEmit",
    ]);
  }
  return commands;
}

/** A step is a name and the commands it runs, each on this very Node. */
const steps = {
  build: [["scripts/setup.mjs"]],
  format: [[BIOME, "format", "--colors=off", "."]],
  "format:assembly": [[PRETTIER, "--check", "--log-level", "warn", "assembly/**/*.ts"]],
  lint: [[BIOME, "lint", "--colors=off", "--error-on-warnings", "."]],
  "lint:assembly": [[ESLINT, "--no-color", "--max-warnings", "0", "assembly"]],
  types: [[TSC, "-p", "tsconfig.json", "--noEmit"]],
  "types:tests": [[TSC, "-p", "tests/tsconfig.json"]],
  "types:assembly": assemblyTypes(),
  layering: [[VITEST, "run", "tests/layering.test.ts"]],
  tests: [[VITEST, "run"]],
};

const { values } = parseArgs({
  options: { only: { type: "string" }, skip: { type: "string" }, list: { type: "boolean" } },
});

/** The step names in a comma-separated option; a name that is none ends the program. */
function named(option) {
  const names = option === undefined ? [] : option.split(",");
  for (const name of names) {
    if (Object.hasOwn(steps, name)) continue;
    console.error(`There is no step “${name}”. The steps: ${Object.keys(steps).join(", ")}.`);
    process.exit(2);
  }
  return names;
}

/** Runs one command and answers with its exit status and all that it wrote. */
function run(command) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status: status ?? signal, output }));
  });
}

const only = named(values.only);
const skip = named(values.skip);
const chosen = Object.keys(steps).filter((name) => (only.length === 0 || only.includes(name)) && !skip.includes(name));

if (values.list) {
  console.log(chosen.join("\n"));
  process.exit(0);
}

const terminal = process.stdout.isTTY;
const started = performance.now();
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

for (const name of chosen) {
  const stepStarted = performance.now();
  if (terminal) process.stdout.write(`… ${name}`);
  for (const command of steps[name]) {
    const { status, output } = await run(command);
    if (status === 0) continue;
    if (terminal) process.stdout.write("\r\x1b[K");
    console.log(`✗ ${name} (${seconds(stepStarted)})\n`);
    console.log(output.trimEnd());
    console.log(`\nNot ok: ${name} ended with ${status}. It ran: node ${command.join(" ")}`);
    process.exit(1);
  }
  if (terminal) process.stdout.write("\r\x1b[K");
  console.log(`✓ ${name} (${seconds(stepStarted)})`);
}
console.log(`ok: ${chosen.length} steps in ${seconds(started)}`);
