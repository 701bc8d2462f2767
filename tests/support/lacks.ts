/** Suites of what not every host can do. */
import { expect, it } from "vitest";
import { Unsupported } from "../../src/index.js";
import { type Feature, type Habit, lacking, unlike } from "../hosts/expectations.js";
import { hostName } from "./host.js";

/** Whether this host does as Node does; the test expects what the host does instead where it does not. */
export function does(habit: Habit): boolean {
  return !(unlike[habit] as readonly string[]).includes(hostName());
}

/** Whether this host has a feature, for tests that are about something else. */
export function has(feature: Feature): boolean {
  return !(lacking[feature] as readonly string[]).includes(hostName());
}

/**
 * The suite, where the host has the feature. Elsewhere one test in its place: that `tried` fails with `Unsupported`, now or
 * in the promise that it returns. The table of tests/hosts counts those tests by their name.
 */
export function whereThereIs(feature: Feature, tried: () => unknown, suite: () => void): void {
  if (has(feature)) {
    suite();
    return;
  }
  it(`Unsupported: ${feature}`, async () => {
    let thrown: unknown;
    try {
      await tried();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Unsupported);
    expect((thrown as Unsupported).code).toBe("unsupported");
  });
}
