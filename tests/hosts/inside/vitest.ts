/**
 * What the suites import from `vitest`, on hosts where Vitest itself does not run: its own runner and its own matchers, put
 * together without the server, the workers and the snapshots around them. The bundles resolve `vitest` to this file.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  customMatchers,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";
import { getCurrentTest } from "@vitest/runner";
import * as chai from "chai";

export { vi } from "./vi.js";
export { afterAll, afterEach, beforeAll, beforeEach, describe, it, suite, test } from "@vitest/runner";

type Place = Record<PropertyKey, unknown>;
type State = Record<string, unknown>;

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** A state that counts the assertions of one test, and how many of them it has promised. */
const fresh = (): State => ({ assertionCalls: 0, expectedAssertionsNumber: null, isExpectingAssertions: false });

function check(value: unknown, message?: string): unknown {
  setState(
    { assertionCalls: ((getState(expect as never) as unknown as State)["assertionCalls"] as number) + 1 } as never,
    expect as never,
  );
  const assertion = chai.expect(value, message) as unknown as { withTest(test: unknown): unknown };
  const test = getCurrentTest();
  return test ? assertion.withTest(test) : assertion;
}

export const expect = Object.assign(check, chai.expect, (globalThis as Place)[ASYMMETRIC_MATCHERS_OBJECT], {
  getState: () => getState(expect as never),
  setState: (state: State) => setState(state as never, expect as never),
  extend: (matchers: unknown) =>
    (chai.expect as unknown as { extend(...of: unknown[]): void }).extend(expect, matchers),
  unreachable: (message?: string) => chai.assert.fail(`expected${message ? ` "${message}" ` : " "}not to be reached`),
  assertions: (count: number) => setState({ expectedAssertionsNumber: count } as never, expect as never),
});
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true });
setState(fresh() as never, expect as never);
expect.extend(customMatchers);

/** Begins the count of a test's assertions. */
export function beginTest(name: string): void {
  setState({ ...fresh(), currentTestName: name } as never, expect as never);
}

/** Throws when a test has made another number of assertions than it promised. */
export function endTest(): void {
  const { assertionCalls, expectedAssertionsNumber } = getState(expect as never) as unknown as State;
  if (expectedAssertionsNumber === null || expectedAssertionsNumber === assertionCalls) return;
  throw new Error(`expected ${expectedAssertionsNumber} assertions, but there were ${assertionCalls}`);
}
