#!/usr/bin/env node
// Runs the benches of this folder and prints what each one found.
//
// A bench is a module bench/NAME.mjs that exports `name`, `question` and `async run({ size, signal })`, which answers with
// rows `{ what, ours, peer, peers, ratio, unit, reach }`: `ours` and `peers` are medians in `unit`, `peer` names what stands
// beside us, `ratio` is ours against the peer's in the bench's own sense, `reach` is the target's text. A bench checks its
// answer before it times anything, and throws where the answer is wrong.
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";

const USAGE = `Usage: node bench/run.mjs [NAME…] [--size small|full] [--json]

Runs the benches named, or all of them.

  --size small|full   how much work each does (full unless told; small is for checking that they run)
  --json              one line of JSON a row instead of tables
  --help              this text

Exit status: 0 when every bench ran, 1 when one failed, 2 when the call was wrong, 130 when it was interrupted.`;

/** Ends the program over a wrong call. */
function refuse(message) {
  console.error(message);
  process.exit(2);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        size: { type: "string", default: "full" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    return refuse(`${error.message}\n\n${USAGE}`);
  }
}

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

/** A figure as a table shows it; what a bench could not measure is a dash. */
function figure(value, unit = "") {
  if (value === undefined || value === null) return "–";
  const text = typeof value === "number" ? number.format(value) : String(value);
  return unit === "" ? text : `${text} ${unit}`;
}

/** Lines of columns as wide as their widest cell; figures stand right. */
function table(rows) {
  const columns = ["what", "ours", "beside", "its figure", "ratio", "reach"];
  const right = new Set(["ours", "its figure", "ratio"]);
  const cells = rows.map((row) => [
    row.what,
    figure(row.ours, row.unit),
    figure(row.peer),
    figure(row.peers, row.unit),
    typeof row.ratio === "number" ? `${row.ratio.toFixed(2)}×` : figure(row.ratio),
    figure(row.reach),
  ]);
  const widths = columns.map((column, i) => Math.max(...[column, ...cells.map((row) => row[i])].map((s) => s.length)));
  const line = (row) =>
    row
      .map((cell, i) => (right.has(columns[i]) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  return [line(columns), line(widths.map((width) => "─".repeat(width))), ...cells.map(line)].join("\n");
}

const { values, positionals } = parse();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
if (values.size !== "small" && values.size !== "full") {
  refuse(`--size is small or full, not “${values.size}”.`);
}

const folder = new URL("./", import.meta.url);
const known = readdirSync(folder)
  .filter((file) => file.endsWith(".mjs") && file !== "run.mjs")
  .map((file) => file.slice(0, -".mjs".length))
  .sort();
for (const name of positionals) {
  if (!known.includes(name)) {
    const list = known.length === 0 ? "There are none yet." : `There are: ${known.join(", ")}.`;
    refuse(`There is no bench “${name}”. ${list}`);
  }
}
const chosen = positionals.length === 0 ? known : known.filter((name) => positionals.includes(name));

const interrupted = new AbortController();
process.once("SIGINT", () => {
  interrupted.abort(new Error("interrupted"));
  process.exitCode = 130;
});

const failed = [];
for (const [index, name] of chosen.entries()) {
  if (interrupted.signal.aborted) break;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K[${index + 1}/${chosen.length}] ${name} …`);
  let rows;
  let question = "";
  let failure;
  try {
    const bench = await import(new URL(`${name}.mjs`, folder).href);
    if (bench.name !== name) throw new TypeError(`bench/${name}.mjs calls itself “${bench.name}”`);
    question = bench.question;
    rows = await bench.run({ size: values.size, signal: interrupted.signal });
    if (!Array.isArray(rows) || rows.length === 0) throw new TypeError(`${name} answered with no rows`);
  } catch (error) {
    failure = error;
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  if (interrupted.signal.aborted) break;
  if (failure !== undefined) {
    failed.push(name);
    console.error(`✗ ${name}: ${failure instanceof Error ? failure.stack : failure}\n`);
  } else if (values.json) {
    for (const row of rows) console.log(JSON.stringify({ bench: name, size: values.size, ...row }));
  } else {
    console.log(`${name}: ${question}\n\n${table(rows)}\n`);
  }
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(", ")}.`);
  process.exitCode ||= 1;
}
