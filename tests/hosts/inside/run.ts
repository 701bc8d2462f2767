/** Runs test files with Vitest's own runner, and says what became of each test. */
import { type File, type Suite, startTests, type Task, type Test, type VitestRunner } from "@vitest/runner";
import { notes } from "./notes.js";
import { beginTest, endTest } from "./vitest.js";

/** What became of the tests of one suite. */
export interface Result {
  passed: number;
  /** Those of the passed that checked that the library says `Unsupported`. */
  unsupported: number;
  failed: Failure[];
  /** What tests had to say. */
  notes: readonly string[];
  /** The tests that took longest, those that took longer first. */
  slowest: { readonly test: string; readonly seconds: number }[];
}

export interface Failure {
  readonly test: string;
  readonly message: string;
}

/** How many of the slowest tests are told, which `--json` prints. */
const SLOWEST = 5;

/** The name that `tests/support/lacks.ts` begins a test with that expects `Unsupported`. */
const REFUSAL = /^Unsupported: /;

function fullName(task: Task): string {
  const outer = task.suite && !("filepath" in task.suite) ? `${fullName(task.suite)} > ` : "";
  return outer + task.name;
}

/** Messages of an error, of the errors behind it, and the place in the bundle. */
function textOf({ message, stack, cause, diff }: ErrorLike): string {
  const behind = cause === undefined ? "" : `\n  because: ${cause.message ?? String(cause)}`;
  const place = (stack ?? "").split("\n").filter((line) => /:\d+:\d+/.test(line));
  return [`${message}${behind}`, diff, ...place.slice(0, 8)].filter(Boolean).join("\n");
}

interface ErrorLike {
  readonly message: string;
  readonly stack?: string | undefined;
  readonly diff?: string | undefined;
  readonly cause?: { message?: string };
}

function gather(task: Task, result: Result): void {
  const errors = (task.result?.errors ?? []) as ErrorLike[];
  if (task.type === "test") {
    result.slowest.push({ test: fullName(task), seconds: (task.result?.duration ?? 0) / 1000 });
    if (task.result?.state === "pass") {
      result.passed++;
      if (REFUSAL.test(task.name)) result.unsupported++;
      return;
    }
    const message = errors.map(textOf).join("\n") || `it was not run: ${task.result?.state ?? task.mode}`;
    result.failed.push({ test: fullName(task), message });
    return;
  }
  // A hook's error, an error while a file was loaded, or a file without tests.
  if (errors.length > 0) result.failed.push({ test: task.name, message: errors.map(textOf).join("\n") });
  for (const inner of (task as Suite).tasks) gather(inner, result);
}

/** Runs the files one after another. `at` is told which test begins. */
export async function run(
  files: Readonly<Record<string, () => Promise<unknown>>>,
  at: (test: string) => void,
): Promise<Result> {
  let current = "before the first test";
  const runner: VitestRunner = {
    config: {
      root: "/",
      setupFiles: [],
      name: undefined,
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 1, hooks: "stack", setupFiles: "list" },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: 40_000,
      hookTimeout: 40_000,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    },
    importFile: (path) => files[path.replace(/^\//, "")]!(),
    onBeforeTryTask: (test: Test) => {
      current = fullName(test);
      at(current);
      beginTest(fullName(test));
    },
    onAfterTryTask: endTest,
  };
  const result: Result = { passed: 0, unsupported: 0, failed: [], notes, slowest: [] };
  // It fails the test that it came in, and the rest is run.
  const unhandled = (error: unknown) => {
    const { message = String(error), stack } = (error ?? {}) as ErrorLike;
    result.failed.push({ test: `${current} (an error that nobody handled)`, message: `${message}\n${stack ?? ""}` });
  };
  if (typeof process === "undefined") {
    globalThis.addEventListener("unhandledrejection", ({ reason }) => unhandled(reason));
    globalThis.addEventListener("error", ({ error }) => unhandled(error));
  } else process.on("unhandledRejection", unhandled).on("uncaughtException", unhandled);
  const done: File[] = [];
  for (const path of Object.keys(files)) done.push(...(await startTests([`/${path}`], runner)));
  for (const file of done) gather(file, result);
  result.slowest = result.slowest.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  return result;
}
