// Searches the models of what threads do with one another, at small sizes and every order of their steps, with spin; then
// seeds faults into them, each of which it has to find.
//
//   npm run model [-- --only ring,waiting] [--deep] [--json]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { models } from "./models.mjs";

const { values } = parseArgs({
  options: { only: { type: "string" }, deep: { type: "boolean" }, json: { type: "boolean" } },
});
const known = models.map(({ name }) => name);
const only = values.only?.split(",") ?? known;
const unknown = only.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no model ${unknown.join(", ")}. The models: ${known.join(", ")}.`);
  process.exit(2);
}

/** Steps deep; what is deeper is an error, not left out. */
const depth = 2_000_000;

function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("error", (error) => {
      if (error.code !== "ENOENT") return reject(error);
      reject(new Error(`${command} is missing. On Debian: apt-get install spin gcc`));
    });
    child.on("close", (status) => resolve({ status, output }));
  });
}

/** Searches one model: the property that does not hold, if there is one, and how many states there are. */
async function search(model, size, fault) {
  const folder = mkdtempSync(join(tmpdir(), "forebay-model-"));
  try {
    const defines = Object.entries(size).map(([name, value]) => `-D${name}=${value}`);
    if (fault) defines.push(`-DFAULT_${fault}`);
    const source = fileURLToPath(new URL(`${model}.pml`, import.meta.url));
    const made = await run("spin", ["-a", ...defines, source], folder);
    if (made.status !== 0) throw new Error(`spin refused ${model}.pml:\n${made.output}`);
    const compiled = await run("gcc", ["-O1", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c"], folder);
    if (compiled.status !== 0) throw new Error(`gcc refused what spin wrote:\n${compiled.output}`);
    const { output } = await run(join(folder, "pan"), [`-m${depth}`, "-b"], folder);
    const states = Number(/(\d+) states, stored/.exec(output)?.[1]);
    const errors = Number(/errors: (\d+)/.exec(output)?.[1]);
    if (Number.isNaN(states) || Number.isNaN(errors)) throw new Error(`The search did not end:\n${output}`);
    return { states, failed: errors === 0 ? undefined : propertyOf(model, output) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The property's name stands in its assertion; a state in which nobody can go on is a wake-up that was lost, or a deadlock. */
function propertyOf(model, output) {
  if (/pan:1: invalid end state/.test(output)) return model === "waiting" ? "no_lost_wake" : "no_deadlock";
  return /assertion violated .*\|\|(\w+)\)/.exec(output)?.[1] ?? /pan:1: (.*)/.exec(output)?.[1] ?? "unknown";
}

const jobs = [];
for (const model of models.filter(({ name }) => only.includes(name))) {
  for (const size of values.deep ? [...model.sizes, ...model.deep] : model.sizes) jobs.push({ model, size });
  for (const fault of model.faults) jobs.push({ model, size: fault.size ?? {}, fault });
}

const terminal = process.stderr.isTTY;
const started = performance.now();
const results = [];
const sizeOf = (size) =>
  Object.entries(size)
    .map(([name, value]) => `${name.toLowerCase()} ${value}`)
    .join(", ");
try {
  for (const [at, { model, size, fault }] of jobs.entries()) {
    if (terminal) process.stderr.write(`\r\x1b[K${at + 1}/${jobs.length} ${model.name} ${fault?.name ?? sizeOf(size)}`);
    const { states, failed } = await search(model.name, size, fault?.name);
    const found = failed !== undefined && new RegExp(`^(${fault?.finds})$`).test(failed);
    results.push({
      model: model.name,
      size,
      fault: fault?.name,
      what: fault?.what,
      properties: fault ? [fault.finds] : model.properties,
      states,
      failed,
      ok: fault ? found : failed === undefined,
    });
  }
} catch (error) {
  if (terminal) process.stderr.write("\r\x1b[K");
  console.error(error.message);
  process.exit(2);
}
if (terminal) process.stderr.write("\r\x1b[K");

const seconds = (performance.now() - started) / 1000;
const bad = results.filter(({ ok }) => !ok);
if (values.json) console.log(JSON.stringify({ seconds, results }, null, 2));
else {
  const count = (states) => states.toLocaleString("en");
  for (const { name, properties } of models.filter(({ name }) => only.includes(name))) {
    console.log(`\n${name}.pml`);
    for (const property of properties) {
      const broken = results.filter(({ model, fault, failed }) => model === name && !fault && failed === property);
      const searched = results.filter(({ model, fault }) => model === name && !fault);
      const states = searched.reduce((sum, one) => sum + one.states, 0);
      const verdict = broken.length === 0 ? "holds" : `FAILS at ${broken.map(({ size }) => sizeOf(size)).join("; ")}`;
      console.log(`  ${property.padEnd(28)} ${verdict.padEnd(7)} ${count(states).padStart(12)} states`);
    }
    for (const { model, size, fault, failed, states } of results) {
      if (model === name && !fault)
        console.log(`    at ${sizeOf(size)}: ${failed ?? "all hold"}, ${count(states)} states`);
    }
    for (const { model, fault, what, failed, states, ok } of results) {
      if (model !== name || !fault) continue;
      const verdict = ok ? `found: ${failed}` : failed ? `NOT FOUND as such, but ${failed}` : "NOT FOUND";
      console.log(`  seeded: ${what.padEnd(72)} ${verdict} (${count(states)} states)`);
    }
  }
  const faults = results.filter(({ fault }) => fault).length;
  console.log(
    `\n${results.length - faults} searches, ${faults} seeded faults, ${seconds.toFixed(0)} s: ${bad.length === 0 ? "all as they should be" : `${bad.length} are not`}.`,
  );
}
process.exit(bad.length === 0 ? 0 : 1);
