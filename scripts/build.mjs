// Builds everything that is generated: the WebAssembly modules, their inlined form, and the JavaScript with its types.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

/** Runs the command-line program of an installed package on this very Node. */
function run(program, ...args) {
  execFileSync(process.execPath, [program, ...args], { stdio: "inherit" });
}

rmSync("build", { recursive: true, force: true });
mkdirSync("build", { recursive: true });

for (const target of ["release", "scalar", "debug"]) {
  run("node_modules/assemblyscript/bin/asc.js", "--config", "asconfig.json", "--target", target);
}

// Configurations of their own: entries that a configuration names are added to those of the command line.
run("node_modules/assemblyscript/bin/asc.js", "--config", "asconfig.wasi.json", "--target", "release");
run("node_modules/assemblyscript/bin/asc.js", "--config", "asconfig.scan.json", "--target", "release");

run("node_modules/assemblyscript/bin/asc.js", "--config", "asconfig.shared.json", "--target", "release");

for (const target of ["release", "scalar"]) {
  run("node_modules/assemblyscript/bin/asc.js", "--config", "asconfig.signal.json", "--target", target);
}

// Inlining is the only form that every bundler carries (a `new URL(…)` from a dependency is left behind by several).
run("scripts/inline.mjs");

run("scripts/worklet.mjs");
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
run("scripts/bundle.mjs");
writeFileSync("build/.complete", "");
