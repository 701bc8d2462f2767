/** The end of the process. */

/**
 * Ends the process: a pipe that is still open on standard input would keep it. What was printed goes out first, since a
 * pipe takes only as much at once as it holds.
 */
export function finish(code: number): void {
  process.exitCode = code;
  const end = () => process.exit(code);
  process.stdout.once("error", end).write("", end);
}
