/** Programs run on the host that runs the tests. */

/** The command that runs a script on this very host: Node, Deno or Bun. */
export function program(script: string, ...args: string[]): string[] {
  const run = "Deno" in globalThis ? ["run", "--quiet", "--allow-all"] : [];
  return [process.execPath, ...run, script, ...args];
}
