// Mutation testing of the window logic that is TypeScript. What is AssemblyScript is mutated by scripts/mutate.mjs, since a
// mutant inside a WebAssembly module cannot be switched on while it runs.
/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: ["src/reader.ts", "src/windows.ts", "src/flow.ts", "src/pump.ts"],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.config.ts" },
  coverageAnalysis: "perTest",
  ignorePatterns: ["coverage", "docs/api", "reports"],
  reporters: ["progress", "clear-text", "json"],
  jsonReporter: { fileName: "reports/mutation/src.json" },
  concurrency: 2,
  timeoutMS: 5_000,
};
