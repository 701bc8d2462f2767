// The tarball, as `npm publish` would send it, and its installation.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, root } from "./install.mjs";

/** Builds from nothing and packs. Answers with the tarball's path, its list of files, and its sizes in bytes. */
export function pack(folder) {
  // `prepack` empties build/ and builds.
  const told = execFileSync("npm", ["pack", "--json", "--loglevel=error", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 26,
  });
  // What the build prints comes first.
  const said = JSON.parse(told.slice(told.search(/^[[{]$/m)));
  const [{ filename, files, size, unpackedSize }] = Array.isArray(said) ? said : Object.values(said);
  return { path: join(folder, filename), files, size, unpackedSize };
}

/** Makes a new project in `folder` with the tarball installed in it and the sources of the apps beside. */
export function newApp(folder, tarball, manifest = {}) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", ...manifest }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline", tarball], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  cpSync(join(here, "app"), folder, { recursive: true });
  return folder;
}
