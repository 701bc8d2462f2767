// Runs the suites in the real hosts and prints a table of them: host × suite, with counts.
//
//   npm run test:hosts -- [--only HOST,…] [--suite SUITE,…] [--json] [--list] [--help]
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { optionsOf, refuse } from "../support/arguments.mjs";
import { answer as answerAudio } from "../../examples/audio/answer.js";
import { answer as answerScope } from "../../examples/scope/answer.js";
import { bundle, loadPeers, root, testFiles } from "./bundle.mjs";
import * as browser from "./browsers.mjs";
import { installDebian, installPackages } from "./install.mjs";
import * as program from "./programs.mjs";
import { bodyOf, sendJson, startServer } from "./server.mjs";
import { filesOf, suites, unplaced } from "./suites.mjs";

/** Which share of their random runs tests make here, so that all hosts together take minutes. */
const SHARE = 0.2;

/** How long audio is listened to and the scope looked at, when not said otherwise. */
const SECONDS = 5;

const USAGE = `Runs the suites in the real hosts and prints a table of counts: host × suite.

  npm run test:hosts -- [options]

  --only HOST,…    only these hosts; a browser's name means its page and its worker
  --suite SUITE,…  only these suites
  --share SHARE    the share of their random runs that tests make: ${SHARE}, when not given; npm test makes all, which is 1
  --seconds S      how long tests that last run, audio's and scope's: ${SECONDS} when not given
  --jobs JOBS      how many hosts run at a time: as many as there are processors, when not given
  --json           print the results as JSON instead of the table
  --list           print the hosts and the suites, and run nothing
  -h, --help       print this

What is missing is installed: the packages of tests/hosts/package.json and, as root, Debian's browsers.
Ends with 1 when a test failed or a host could not be had, and with 2 when asked for what there is not.`;

/** How long a host may say nothing before it is ended. */
const SILENCE_MS = 60_000;

/** The rows of the table. */
const rows = [
  ...program.programs.map((host) => ({ name: host.name, kind: host.kind, host })),
  ...browser.browsers.flatMap((host) => [
    { name: host.name, kind: "page", host },
    { name: `${host.name}-worker`, kind: "worker", host },
  ]),
];

/** What a comma-separated option chooses of a list; a word that chooses nothing ends the program. */
function chosen(list, option, matches, what) {
  if (option === undefined) return list;
  const words = option.split(",");
  for (const word of words) {
    if (!list.some((item) => matches(item, word))) {
      refuse(`There is no ${what} “${word}”. There are: ${list.map(({ name }) => name).join(", ")}.`);
    }
  }
  return list.filter((item) => words.some((word) => matches(item, word)));
}

const options = optionsOf(
  {
    only: { type: "string" },
    suite: { type: "string" },
    share: { type: "string", default: String(SHARE) },
    seconds: { type: "string", default: String(SECONDS) },
    jobs: { type: "string", default: String(availableParallelism()) },
    json: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
  USAGE,
);
const theRows = chosen(rows, options.only, ({ name, host }, word) => word === name || word === host.name, "host");
const theSuites = chosen(suites, options.suite, ({ name }, word) => word === name, "suite");
if (options.list) {
  console.log(
    `hosts:  ${theRows.map(({ name }) => name).join(", ")}\nsuites: ${theSuites.map(({ name }) => name).join(", ")}`,
  );
  process.exit(0);
}
const share = Number(options.share);
if (!(share > 0 && share <= 1)) refuse(`--share is a number above 0, and 1 at most, not “${options.share}”.`);
const seconds = Number(options.seconds);
if (!(seconds > 0 && seconds <= 3600)) refuse(`--seconds is a number up to 3600, not “${options.seconds}”.`);
const jobsAtOnce = Number(options.jobs);
if (!(Number.isInteger(jobsAtOnce) && jobsAtOnce > 0)) refuse(`--jobs is a number of hosts, not “${options.jobs}”.`);
const strays = unplaced(testFiles());
if (strays.length > 0) console.error(`tests/hosts/suites.mjs does not say where these run:\n  ${strays.join("\n  ")}`);

const hosts = [...new Set(theRows.map(({ host }) => host))];
installPackages();
installDebian(hosts.flatMap((host) => host.needs?.() ?? []));

const folder = mkdtempSync(join(tmpdir(), "forebay-hosts-"));
const talks = new Map(hosts.filter((host) => host.open).map((host) => [host, new browser.Browser(host)]));
let peers;
const routes = {
  peer: async (request, response) => {
    peers ??= loadPeers(folder);
    const { peer } = await peers;
    sendJson(response, await peer(JSON.parse(await bodyOf(request))));
  },
};
/** The example pages, which tests open in a frame, and what they load. */
const pages = { example: answerAudio, scope: answerScope, build: answerScope, loader: answerScope, uplot: answerScope };
for (const [folder, answer] of Object.entries(pages)) {
  routes[folder] = (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    void answer(pathname.replace(/^\/(example|scope)(?=\/)/, ""), response);
  };
}
/** Bytes that a browser's processes have for themselves: for tests that look for leaks. */
routes.memory = (request, response) => {
  const name = new URL(request.url, "http://127.0.0.1").pathname.split("/")[2];
  const [, talk] = [...talks].find(([host]) => host.name === name) ?? [];
  sendJson(response, talk?.privateBytes() ?? 0);
};
const server = await startServer(folder, Object.assign(routes, ...[...talks.values()].map((talk) => talk.routes())));

let ended = false;
function end() {
  if (ended) return;
  ended = true;
  for (const talk of talks.values()) talk.close();
  rmSync(folder, { recursive: true, force: true });
}
process.on("exit", end);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

const started = performance.now();
const all = testFiles();
const jobs = theRows.flatMap((row) =>
  theSuites
    .filter(({ hosts: its = [row.host.name] }) => its.includes(row.host.name))
    .filter((suite) => filesOf(suite, row.kind, all).length > 0)
    .map((suite) => ({ row, suite })),
);
const progress = progressOf(jobs.length);

/** The bundles, made when the first host needs them. */
const bundles = new Map();
function entryFor(kind) {
  const key = kind === "worker" ? "page" : kind;
  if (!bundles.has(key)) bundles.set(key, bundle(key, folder, share, seconds));
  return bundles.get(key);
}

async function runJob({ row, suite }) {
  const at = (test) => progress.at(row.name, suite.name, test);
  const since = performance.now();
  let result;
  try {
    const entry = await entryFor(row.kind);
    const told = { at, silenceMs: SILENCE_MS + 2 * seconds * 1000 };
    if (row.host.open) {
      const { name, isolated = true } = suite;
      const job = { address: server.address, host: row.name, kind: row.kind, suite: name, isolated };
      result = await talks.get(row.host).run({ ...job, ...told });
    } else {
      const given = { host: row.name, server: server.address, root, suite: suite.name };
      result = await program.runSuite(row.host, { entry, given, ...told });
    }
  } catch (error) {
    result = { passed: 0, unsupported: 0, failed: [{ test: "(the whole suite)", message: error.message }] };
  }
  progress.done(row.name, suite.name, result);
  return { host: row.name, suite: suite.name, seconds: (performance.now() - since) / 1000, ...result };
}

/** Runs the jobs of one process after the other; browsers work through their own. */
async function runAll() {
  const lanes = new Map();
  for (const job of jobs) {
    const lane = job.row.host.open ? job.row.host : job.row;
    lanes.set(lane, [...(lanes.get(lane) ?? []), job]);
  }
  // The browsers first: they take longest.
  const waiting = [...lanes.entries()].sort(([a], [b]) => Number(Boolean(b.open)) - Number(Boolean(a.open)));
  const results = new Map();
  async function work() {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [host, list] = next;
      for (const [at, job] of list.entries()) {
        results.set(job, await runJob(job));
        // A browser of their own for its workers: its address space has room for so many memories, and is cleaned up late.
        if (list[at + 1]?.row !== job.row) talks.get(host)?.close();
      }
    }
  }
  await Promise.all(Array.from({ length: jobsAtOnce }, work));
  // In the order of the table, whichever ended first.
  return jobs.map((job) => results.get(job));
}

/** A line on the terminal that says how far it is; elsewhere a line for each suite that is done. */
function progressOf(total) {
  const terminal = process.stderr.isTTY;
  let finished = 0;
  let text = "";
  let drawn = 0;
  const draw = () => {
    if (!terminal || performance.now() - drawn < 100) return;
    drawn = performance.now();
    const width = 20;
    const full = Math.floor((width * finished) / total);
    const line = `${"█".repeat(full)}${"░".repeat(width - full)} ${finished}/${total} · ${text}`;
    process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
  return {
    at(host, suite, test) {
      text = `${host} · ${suite} · ${test}`;
      draw();
    },
    done(host, suite, result) {
      finished++;
      draw();
      if (terminal) return;
      console.error(`${finished}/${total} ${host} · ${suite}: ${cell(result)}`);
      for (const { test, message } of result.failed) console.error(failureText(host, suite, test, message));
    },
    end() {
      if (terminal) process.stderr.write("\r\x1b[K");
    },
  };
}

/** One cell: how many passed, how many of these expect `Unsupported`, how many failed. */
function cell(result) {
  if (result === undefined) return "–";
  const { passed, unsupported, failed } = result;
  const refusals = unsupported > 0 ? ` (${unsupported} U)` : "";
  return failed.length > 0 ? `${passed}${refusals}, ${failed.length} FAILED` : `${passed}${refusals}`;
}

const failureText = (host, suite, test, message) =>
  `\n✗ ${host} · ${suite} · ${test}\n${message.replace(/^/gm, "    ")}`;

function table(results, versions) {
  const head = ["host", "version", ...theSuites.map(({ name }) => name), "seconds"];
  const lines = theRows.map(({ name, host }) => {
    const mine = results.filter((result) => result.host === name);
    const cells = theSuites.map((suite) => cell(mine.find((result) => result.suite === suite.name)));
    const seconds = mine.reduce((sum, result) => sum + result.seconds, 0);
    return [name, versions.get(host), ...cells, seconds.toFixed(1)];
  });
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at].length)));
  const row = (line) =>
    line
      .map((text, at) => (at < 2 ? text.padEnd(widths[at]) : text.padStart(widths[at])))
      .join("  ")
      .trimEnd();
  return [row(head), widths.map((width) => "─".repeat(width)).join("  "), ...lines.map(row)].join("\n");
}

const results = await runAll();
progress.end();
await server.close();
const versions = new Map(hosts.map((host) => [host, host.open ? browser.versionOf(host) : program.versionOf(host)]));
end();

const failed = results.reduce((sum, result) => sum + result.failed.length, 0);
if (options.json) {
  const versionsByName = Object.fromEntries(theRows.map(({ name, host }) => [name, versions.get(host)]));
  console.log(JSON.stringify({ versions: versionsByName, results }, null, 2));
} else {
  console.log(table(results, versions));
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const refusals = results.reduce((sum, result) => sum + result.unsupported, 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `\n${passed} passed, ${refusals} of them that the host says Unsupported (U), ${failed} failed, in ${seconds} s`,
  );
  for (const { host, suite, notes = [] } of results) {
    for (const note of notes) console.log(`${host} · ${suite} · ${note}`);
  }
  for (const { host, suite, failed } of results) {
    for (const { test, message } of failed) console.log(failureText(host, suite, test, message));
  }
}
process.exitCode = failed > 0 || strays.length > 0 ? 1 : 0;
