#!/usr/bin/env node
/**
 * The command. A call of `scan` that is plain is understood here at once, since its start is a good part of most searches;
 * everything else – other commands, help, what is wrong – is left to what takes longer to load.
 */
import { plainScan } from "./scan/arguments.js";
import { scan } from "./scan/command.js";

async function main(): Promise<void> {
  const call = process.argv[2] === "scan" ? plainScan(process.argv.slice(3)) : undefined;
  if (!call) {
    const { commandLine } = await import("./face.js");
    await commandLine(scan).parseAsync();
    return;
  }
  const code = await scan(call.literal, call.paths, call.options);
  // Nothing went through Node's streams but complaints, which were waited for.
  process.exit(code);
}

main();
