// The command lines of the programs that run tests.
import { parseArgs } from "node:util";

/** Ends the program, since it was asked for what there is not. */
export function refuse(message) {
  console.error(message);
  process.exit(2);
}

/** The options as `node:util` parses them, and `--help`, which prints the usage and ends the program. */
export function optionsOf(options, usage) {
  let values;
  try {
    values = parseArgs({ options: { ...options, help: { type: "boolean", short: "h", default: false } } }).values;
  } catch (error) {
    refuse(`${error.message}\n\n${usage}`);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  return values;
}
