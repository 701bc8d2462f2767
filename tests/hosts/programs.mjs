// Hosts that run programs: a process for each suite, which tells what it does on its standard output.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { root } from "./bundle.mjs";

const installed = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
const cpu = { x64: "x64", arm64: "arm64" }[process.arch];
const bunCpu = { x64: "x64", arm64: "aarch64" }[process.arch];

/** The first of these files that is there. */
function found(...paths) {
  const path = paths.map(installed).find((path) => existsSync(path));
  if (path === undefined)
    throw new Error(`There is no ${paths.join(" or ")} for this machine (${process.platform}-${process.arch}).`);
  return path;
}

const node = (major) => ({
  name: `node${major}`,
  kind: "node",
  command: () => [found(`node-${major}-linux-${cpu}/bin/node`)],
});

/** Each with its command, which a program's path and arguments follow. */
export const programs = [
  node(20),
  node(22),
  node(24),
  node(26),
  {
    name: "deno",
    kind: "deno",
    command: () => [
      found(`@deno/linux-${cpu}-glibc/deno`),
      "run",
      "--quiet",
      "--allow-all",
      "--no-lock",
      "--node-modules-dir=manual",
    ],
  },
  { name: "bun", kind: "bun", command: () => [found(`@oven/bun-linux-${bunCpu}/bin/bun`, "bun/bin/bun.exe")] },
  { ...node(20), name: "jco", kind: "component", package: "@bytecodealliance/jco" },
];

/** The host's name and version, as it says itself. */
export function versionOf(host) {
  if (host.package) return JSON.parse(readFileSync(installed(`${host.package}/package.json`), "utf8")).version;
  const text = execFileSync(host.command()[0], ["--version"], { encoding: "utf8" });
  return text.match(/\d+(\.\d+)+/)[0];
}

const MARK = "\x1e";

/** Runs one suite; resolves to its result, and rejects when the host ends or stops without one. */
export function runSuite(host, { entry, given, at, silenceMs }) {
  const [command, ...args] = [...host.command(), entry, JSON.stringify(given)];
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let result;
    let last = "its start";
    let log = "";
    let line = "";
    let timer;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill("SIGKILL"), silenceMs);
    };
    const keep = (text) => {
      log = (log + text).slice(-4000);
    };
    heard();
    child.stdout.setEncoding("utf8").on("data", (text) => {
      heard();
      const lines = (line + text).split("\n");
      line = lines.pop();
      for (const said of lines) {
        if (!said.startsWith(MARK)) keep(`${said}\n`);
        else {
          const what = JSON.parse(said.slice(MARK.length));
          last = what.at ?? last;
          if (what.at) at(last);
          result = what.result ?? result;
        }
      }
    });
    child.stderr.setEncoding("utf8").on("data", keep);
    child.once("error", reject);
    child.once("close", (status, signal) => {
      clearTimeout(timer);
      if (result !== undefined && status === 0) return resolve(result);
      const end = signal === null ? `ended with ${status}` : `was ended by ${signal}`;
      reject(new Error(`the host ${end}${result ? " after its tests" : ` at: ${last}`}\n${log}`));
    });
  });
}
