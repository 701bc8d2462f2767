/**
 * What the portable tests need of the host that runs them: the project's files, and the variables that stand for options.
 *
 * This is Node's form, which `npm test` runs. Elsewhere the same tests run as bundles (tests/hosts), in which a module of
 * the same exports stands in for this one, with the files inside it.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** The host's name in tests/hosts/expectations.ts. */
export function hostName(): string {
  return `node${process.versions.node.split(".")[0]}`;
}

/** The value of an environment variable; undefined where it is not set, and on hosts that have none. */
export function variable(name: string): string | undefined {
  return process.env[name];
}

/** Which share of its random runs a test makes: all of them here. */
export function shareOfRuns(): number {
  return 1;
}

/** Where a file or folder of the project is, by its path from the project's root. Only on hosts that have files. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** A file of the project by its path from the project's root. `FOREBAY_BUILD` names a folder that stands in for build/. */
export function projectFile(path: string): Uint8Array<ArrayBuffer> {
  const built = variable("FOREBAY_BUILD");
  const place =
    built !== undefined && path.startsWith("build/") ? `${built}/${path.slice("build/".length)}` : projectPath(path);
  if (!existsSync(place)) throw new Error(`${place} is missing: run node scripts/build.mjs first.`);
  return new Uint8Array(readFileSync(place));
}
