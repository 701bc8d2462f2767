// Formats everything: Biome what is not AssemblyScript, Prettier what is.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const run = (program, ...args) => execFileSync(process.execPath, [program, ...args], { stdio: "inherit" });

run("node_modules/@biomejs/biome/bin/biome", "format", "--write", ".");
// The first pass may leave what only the second settles: the plugin hides decorators in comments, and those have a width.
for (let pass = 0; pass < 2; pass++) {
  run("node_modules/prettier/bin/prettier.cjs", "--write", "--log-level", "warn", "assembly/**/*.ts");
}
