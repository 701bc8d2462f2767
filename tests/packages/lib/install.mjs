// Has ready what the checks need: the packages of this folder's lockfile, and Chromium.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of these tests, and the project's. */
export const here = fileURLToPath(new URL("..", import.meta.url));
export const root = fileURLToPath(new URL("../../..", import.meta.url));

export const chromium = "/usr/bin/chromium";

/**
 * Installs the packages if the lockfile is newer than what is there. Their scripts only move binaries about, and do not run.
 * Not by `npm ci`: it refuses a lockfile without the binaries of platforms that a registry does not carry. What the lockfile
 * names is installed as it says, and it stays as it is.
 */
export function installPackages() {
  const modified = (path) => (existsSync(here + path) ? statSync(here + path).mtimeMs : 0);
  if (modified("node_modules/.package-lock.json") >= modified("package-lock.json")) return;
  console.error("Installing bundlers, runtimes and checkers …");
  execFileSync("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: here,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Installs Debian's Chromium where it is missing and this may install it, and says what to do where not. */
export function installChromium() {
  if (existsSync(chromium)) return;
  const command = "apt-get install -y --no-install-recommends chromium";
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(`${chromium} is missing. On Debian, as root: ${command}`);
  }
  console.error("Installing chromium …");
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  execFileSync("apt-get", ["update", "-qq"], options);
  execFileSync("apt-get", command.split(" ").slice(1), options);
}

/** The binary of a runtime that comes as a package for each platform, as in `@deno/linux-x64-glibc`. */
export function binaryOf(name) {
  const { platform, arch } = process;
  const bits = { x64: "64", arm64: "arm64" }[arch];
  const places = {
    deno: `@deno/${platform}-${arch}${platform === "linux" ? "-glibc" : ""}/deno`,
    bun: `@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}/bin/bun`,
    workerd: `@cloudflare/workerd-${platform}-${bits}/bin/workerd`,
  };
  const path = join(here, "node_modules", places[name]);
  if (!existsSync(path)) throw new Error(`${name} does not come for ${platform} on ${arch}: there is no ${path}.`);
  return path;
}

/** The command-line program of an installed package, to be run by Node. */
export function programOf(name, bin = name) {
  const path = createRequire(join(here, "run.mjs")).resolve(`${name}/package.json`);
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  return join(dirname(path), typeof manifest.bin === "string" ? manifest.bin : manifest.bin[bin]);
}
