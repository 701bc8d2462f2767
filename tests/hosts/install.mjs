// Has ready what the hosts need: the packages of this folder's lockfile, and Debian's browsers where this may install them.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

/**
 * Installs the packages if the lockfile is newer than what is there. Their scripts only move binaries about, and do not run.
 * Not by `npm ci`: it refuses a lockfile without the binaries of platforms that a registry does not carry. What the lockfile
 * names is installed all the same.
 */
export function installPackages() {
  const modified = (path) => (existsSync(folder + path) ? statSync(folder + path).mtimeMs : 0);
  if (modified("node_modules/.package-lock.json") >= modified("package-lock.json")) return;
  console.error("Installing the hosts that come as packages …");
  execFileSync("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Installs Debian's packages for the programs that are missing, `[path, package]`, or says which they are. */
export function installDebian(needed) {
  const missing = [...new Set(needed.filter(([path]) => !existsSync(path)).map(([, name]) => name))];
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(`These hosts are not installed: ${missing.join(", ")}. On Debian, as root: ${command}`);
  }
  console.error(`Installing ${missing.join(", ")} …`);
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  execFileSync("apt-get", ["update", "-qq"], options);
  execFileSync("apt-get", command.split(" ").slice(1), options);
}
