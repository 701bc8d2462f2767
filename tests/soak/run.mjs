// Soaks: random work for as long as asked, each stopping at its first failure.
//
//   npm run soak                       all, one after the other
//   npm run soak -- core [--minutes 10]
//   npm run soak -- threads [--frames 10e9] [--seconds 60] [--seed 1] [--json]
//   npm run soak -- signal [--seconds 60] [--frames 28800000] [--seed 1] [--json]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const USAGE = `Usage: npm run soak                                                        all, one after the other
       npm run soak -- core [--minutes 10]                             the core's properties and fuzzer
       npm run soak -- threads [--frames 10e9] [--seconds 60] [--json]  frames between threads
       npm run soak -- signal [--seconds 60] [--frames 28800000] [--json]  samples with losses through operators`;

const soaks = ["core", "threads", "signal"];
const [first, ...rest] = process.argv.slice(2);
if (first === "--help" || first === "-h") {
  console.log(USAGE);
  process.exit(0);
}
const named = first !== undefined && !first.startsWith("-");
if (named && !soaks.includes(first)) {
  console.error(`There is no soak ${first}. The soaks: ${soaks.join(", ")}.`);
  process.exit(2);
}
if (!named && first !== undefined) {
  console.error(`Which soak is ${first} for? The soaks: ${soaks.join(", ")}; as in npm run soak -- threads ${first}.`);
  process.exit(2);
}
for (const soak of named ? [first] : soaks) {
  const script = fileURLToPath(new URL(`${soak}.mjs`, import.meta.url));
  const { status } = spawnSync(process.execPath, [script, ...rest], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
