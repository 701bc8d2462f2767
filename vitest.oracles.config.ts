import { defineConfig } from "vitest/config";

/** Tests against tools of other makers, which Node alone does not bring: `npm run test:oracles`. */
export default defineConfig({
  test: {
    include: ["tests/oracles/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
