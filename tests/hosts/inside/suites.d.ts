/** Written by tests/hosts/bundle.mjs from tests/hosts/suites.mjs. */
declare module "forebay-suites" {
  /** The test files of a suite, each with what loads it. */
  export function files(suite: string): Record<string, () => Promise<unknown>>;
  /** Which share of their random runs tests make: above 0, and 1 for all. */
  export const share: number;
  /** How long tests that last run: `--seconds`. */
  export const seconds: number;
}
