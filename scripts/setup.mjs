// Makes a fresh clone ready: installs what package-lock.json names and builds what is older than its sources.
// Every npm script runs this first, so that none of them needs a step before it.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [major] = process.versions.node.split(".").map(Number);
if (major < 20) {
  console.error(`forebay needs Node 20 or later; this is Node ${process.versions.node}.`);
  process.exit(1);
}

const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** The time of the newest file below a folder, in milliseconds; generated files do not count. */
function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (/^inline.*\.ts$/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : modified(path));
  }
  return time;
}

// `npm ci` in any of its forms writes this file last.
if (modified(join(root, "node_modules/.package-lock.json")) < modified(join(root, "package-lock.json"))) {
  console.error("Installing what package-lock.json names …");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

const built = modified(join(root, "build/.complete"));
const sources = Math.max(
  newest(join(root, "assembly")),
  newest(join(root, "src")),
  ...[
    "asconfig.json",
    "asconfig.wasi.json",
    "asconfig.scan.json",
    "asconfig.shared.json",
    "asconfig.signal.json",
    "tsconfig.json",
    "package.json",
    "scripts/build.mjs",
    "scripts/bundle.mjs",
    "scripts/inline.mjs",
    "scripts/worklet.mjs",
  ].map((name) => modified(join(root, name))),
);
const generated = [
  "wasm/inline.ts",
  "wasm/inline-kernels.ts",
  "wasm/inline-scan.ts",
  "wasm/inline-shared.ts",
  "wasm/inline-signal.ts",
  "worklet/inline-processors.ts",
];
if (built <= sources || generated.some((name) => !existsSync(join(root, "src", name)))) {
  console.error("Building …");
  execFileSync(process.execPath, [join(root, "scripts/build.mjs")], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
}
