/** What the suites use of Vitest's `vi`: spies. */
import { restoreAllMocks, spyOn } from "@vitest/spy";

export const vi = { spyOn, restoreAllMocks };
