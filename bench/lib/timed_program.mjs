// A native peer that times itself: it reads a number of passes a line, and answers each with the nanoseconds they took.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Starts a program. `time(passes)` resolves to milliseconds; `end()` ends it. */
export function timedProgram(program, args) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = once(child, "exit");
  return {
    async time(passes) {
      child.stdin.write(`${passes}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} ${args.join(" ")} ended too early`);
      return Number(value) / 1e6;
    },
    async end() {
      child.stdin.end();
      await gone;
    },
  };
}
