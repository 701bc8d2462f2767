// Mutation testing of the core: changes one place of its AssemblyScript at a time, compiles that, and runs the tests over it.
// A mutant that no test notices names a line that could be wrong.
//
// Stryker itself switches mutants on inside the running program, which a WebAssembly module does not let it do. So its
// instrumenter only enumerates the mutants here, and each becomes a core.wasm of its own; the tests load the module that
// FOREBAY_CORE names. What compiles to the very module that the sources give cannot be noticed by anyone and does not count;
// neither does what does not compile.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import cliProgress from "cli-progress";
import { Compiler, snapshot } from "./mutation/compiler.mjs";
import { mutantsOf, mutated, sample } from "./mutation/mutants.mjs";

const USAGE = `Usage: node scripts/mutate.mjs [options]

  --file PATH      mutate this file only; may be repeated (all of assembly/buf/ unless told)
  --sample N       N mutants chosen at random
  --seed S         which N (1 unless told)
  --test COMMAND   what to run over each mutant; it loads the module that FOREBAY_CORE names
  --target NAME    the target of asconfig.json to build (release unless told: that is what ships)
  --jobs N         test runs at once (as many as there are cores unless told)
  --min SCORE      exit with 1 below this score, in percent
  --list           print the mutants and stop
  --help           this text

The report goes to reports/mutation/core.json and core.txt.`;

const DEFAULT_TEST =
  "node node_modules/vitest/vitest.mjs run --bail 1 --reporter dot tests/buf tests/memory --exclude tests/buf/module.test.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

function refuse(message) {
  console.error(message);
  process.exit(2);
}

function parse() {
  try {
    return parseArgs({
      options: {
        file: { type: "string", multiple: true },
        sample: { type: "string" },
        seed: { type: "string", default: "1" },
        test: { type: "string", default: DEFAULT_TEST },
        target: { type: "string", default: "release" },
        jobs: { type: "string", default: String(availableParallelism()) },
        min: { type: "string", default: "0" },
        list: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    return refuse(`${error.message}\n\n${USAGE}`);
  }
}

const options = parse();
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
for (const name of ["sample", "seed", "jobs", "min"]) {
  if (options[name] !== undefined && !/^\d+(\.\d+)?$/.test(options[name])) {
    refuse(`--${name} is a number, not “${options[name]}”.`);
  }
}

const sources = snapshot();
const files =
  options.file ?? [...sources.keys()].map((path) => relative(".", path)).filter((p) => p.startsWith("assembly/buf/"));
const all = [];
for (const file of files) {
  const text = sources.get(resolve(file));
  if (text === undefined) refuse(`${file} is no file of assembly/.`);
  all.push(...(await mutantsOf(file, text)));
}
const mutants = options.sample === undefined ? all : sample(all, Number(options.sample), Number(options.seed));

/** One mutant as a line to read. */
function describe({ file, line, column, mutator, original, replacement }) {
  const short = (code) => {
    const flat = code.replace(/\s+/g, " ");
    return flat.length > 60 ? `${flat.slice(0, 57)}…` : flat;
  };
  return `${file}:${line}:${column} ${mutator}: ${short(original)} → ${short(replacement)}`;
}

if (options.list) {
  for (const mutant of mutants) console.log(describe(mutant));
  process.exit(0);
}
if (mutants.length === 0) refuse("There is nothing to mutate there.");

const running = new Set();

/** Ends a test run with everything that it started. */
function end(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Runs the tests over a module: "passed", "failed" or "timeout", what they wrote, and how long they took. */
function test(core, limit) {
  const started = performance.now();
  return new Promise((settle, reject) => {
    // A process group of its own, since a mutant may loop for ever inside a worker of the test runner.
    const child = spawn(options.test, {
      shell: true,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FOREBAY_CORE: core },
    });
    running.add(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output = (output + text).slice(-20_000);
      });
    }
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end(child);
    }, limit);
    child.once("error", reject);
    child.once("close", (status) => {
      clearTimeout(timer);
      running.delete(child);
      const verdict = late ? "timeout" : status === 0 ? "passed" : "failed";
      settle({ verdict, output, time: performance.now() - started });
    });
  });
}

const hash = (wasm) => createHash("sha256").update(wasm).digest("hex");
const folder = mkdtempSync(join(tmpdir(), "forebay-mutants-"));
const compiler = new Compiler(options.target, sources);
let stopped = false;
process.on("exit", () => {
  for (const child of running) end(child);
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  // The first asks for the report on what there is, the second does not wait for it.
  process.on(signal, () => {
    if (stopped) process.exit(130);
    stopped = true;
    for (const child of running) end(child);
  });
}

// First the sources as they are: tests that fail over them would count every mutant as killed.
const plain = await compiler.compile();
if (plain.error !== undefined) {
  console.error(plain.error);
  refuse("The core does not compile as it is.");
}
const plainCore = join(folder, "core.wasm");
writeFileSync(plainCore, plain.wasm);
const plainHash = hash(plain.wasm);
const first = await test(plainCore, 600_000);
if (first.verdict !== "passed") {
  console.error(first.output);
  refuse(`The tests do not pass over the core as it is (${first.verdict}): ${options.test}`);
}
// Room for a machine that is busy with the other jobs, and with more than these.
const limit = 3 * first.time + 5000;
console.error(
  `${mutants.length} of ${all.length} mutants in ${files.length} files; the tests take ${(first.time / 1000).toFixed(1)} s, ` +
    `a mutant has ${(limit / 1000).toFixed(1)} s.`,
);

/** The verdicts by module: mutants that compile to the same one share it. */
const verdicts = new Map();

/** What becomes of one mutant: "killed", "timeout", "survived", "same" (as unmutated) or "invalid" (does not compile). */
async function judge(mutant, index) {
  const path = resolve(mutant.file);
  const { wasm, error } = await compiler.compile(path, mutated(sources.get(path), mutant));
  if (error !== undefined) return { status: "invalid", reason: error };
  const key = hash(wasm);
  if (key === plainHash) return { status: "same" };
  if (!verdicts.has(key)) {
    const core = join(folder, `${index}.wasm`);
    writeFileSync(core, wasm);
    verdicts.set(
      key,
      test(core, limit).then(({ verdict }) => {
        rmSync(core, { force: true });
        return { status: { passed: "survived", failed: "killed", timeout: "timeout" }[verdict] };
      }),
    );
  }
  return verdicts.get(key);
}

const bar = process.stderr.isTTY
  ? new cliProgress.SingleBar({
      format: "{bar} {value}/{total} · {survived} survived · {eta_formatted} left",
      stream: process.stderr,
    })
  : undefined;
bar?.start(mutants.length, 0, { survived: 0 });

const results = [];
let next = 0;
let survivors = 0;
async function work() {
  while (next < mutants.length && !stopped) {
    const index = next++;
    const result = await judge(mutants[index], index);
    if (stopped) return;
    results.push({ index, ...mutants[index], ...result });
    if (result.status === "survived") survivors++;
    bar?.increment(1, { survived: survivors });
    if (bar === undefined && result.status === "survived") console.error(`survived: ${describe(mutants[index])}`);
  }
}
await Promise.all(Array.from({ length: Math.max(1, Math.floor(Number(options.jobs))) }, work));
bar?.stop();
await compiler.close();

results.sort((a, b) => a.index - b.index);
const count = (status, of = results) => of.filter((result) => result.status === status).length;

/** Of the mutants that could be noticed, the share that was, in percent. */
function score(of) {
  const noticed = count("killed", of) + count("timeout", of);
  const noticeable = noticed + count("survived", of);
  return noticeable === 0 ? undefined : (100 * noticed) / noticeable;
}
const percent = (value) => (value === undefined ? "–" : `${value.toFixed(1)} %`);
const summary = (of) =>
  `${percent(score(of)).padStart(7)}   killed ${count("killed", of)}, timeout ${count("timeout", of)}, survived ${count("survived", of)}` +
  `   (not counted: same module ${count("same", of)}, invalid ${count("invalid", of)})`;

const report = [
  `Mutation score of the core: ${summary(results).trim()}`,
  `${results.length} of ${all.length} mutants${options.sample === undefined ? "" : ` (sample ${options.sample}, seed ${options.seed})`}${stopped ? ", interrupted" : ""}; target ${options.target}; tests: ${options.test}`,
  "",
  ...files.map((file) => `${summary(results.filter((result) => result.file === file))}   ${file}`),
  "",
  survivors === 0 ? "No survivors." : "Survivors:",
  ...results.filter(({ status }) => status === "survived").map((result) => `  ${describe(result)}`),
].join("\n");

mkdirSync("reports/mutation", { recursive: true });
writeFileSync("reports/mutation/core.txt", `${report}\n`);
writeFileSync(
  "reports/mutation/core.json",
  `${JSON.stringify({ score: score(results), target: options.target, test: options.test, seed: Number(options.seed), results }, null, 2)}\n`,
);
console.log(report);
if (stopped) process.exitCode = 130;
else if ((score(results) ?? 100) < Number(options.min)) process.exitCode = 1;
