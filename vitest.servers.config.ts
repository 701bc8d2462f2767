import { defineConfig } from "vitest/config";

/** Tests against real servers of other makers, which Node alone does not bring: `npm run test:servers`. */
export default defineConfig({
  test: {
    include: ["tests/servers/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
