import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // They need what Node does not bring: a server (`npm run test:servers`), other makers' tools (`npm run test:oracles`), jco
    // or a browser (`npm run test:hosts`).
    exclude: [
      "**/node_modules/**",
      "tests/servers/**",
      "tests/oracles/**",
      "tests/wasi/component.test.ts",
      "tests/thread/web-*.test.ts",
      "tests/audio/**",
      "tests/scope/**",
    ],
    // A process of its own for each worker: tests open files, listen on sockets and start programs.
    pool: "forks",
    // As many as there are processors: by itself Vitest leaves one of two idle.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      // The command is tested as a process of its own, into which the count does not reach.
      exclude: ["src/wasm/inline*.ts", "src/worklet/inline*.ts", "src/cli/**"],
      reporter: ["text", "json-summary"],
    },
  },
});
