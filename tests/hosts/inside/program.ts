/** The entry for hosts that run programs: Node, Deno and Bun. Arguments: what the harness gives, and a suite's name, as JSON. */
import { files } from "forebay-suites";
import { begin, type Given } from "./host.js";
import { run } from "./run.js";

const { suite, ...given } = JSON.parse(process.argv[2]!) as Given & { suite: string };
const say = (what: unknown) => process.stdout.write(`\x1e${JSON.stringify(what)}\n`);

await begin(given);
const result = await run(files(suite), (at) => say({ at }));
say({ result });
// What a test may have left open does not keep the program from ending; the output is all written by then.
process.stdout.write("", () => process.exit(0));
