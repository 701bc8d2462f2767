/**
 * The entry for browsers. The page asks the harness what to run, runs it or has a worker run it, tells what became of it and
 * asks again; each suite gets a fresh page.
 */
import { files } from "forebay-suites";
import { begin } from "./host.js";
import { run } from "./run.js";

interface Job {
  readonly host: string;
  /** Where the harness is told things. */
  readonly path: string;
  readonly place: "page" | "worker";
  readonly suite: string;
}

const server = location.origin;
const inWorker = typeof document === "undefined";
let path = location.pathname;

/** Tells the harness something, and gives its answer. */
async function tell(what: unknown): Promise<unknown> {
  const answer = await fetch(`${server}${path}`, { method: "POST", body: JSON.stringify(what) });
  return answer.json();
}

async function work(job: Job): Promise<void> {
  path = job.path;
  await begin({ host: job.host, server, root: "" });
  let last = 0;
  const result = await run(files(job.suite), (at) => {
    // Often enough for a display, and seldom enough not to be measured.
    if (performance.now() - last < 500) return;
    last = performance.now();
    void tell({ at });
  });
  await tell({ result });
}

async function main(): Promise<void> {
  const ask = async () => {
    const answer = (await tell({ next: true, isolated: crossOriginIsolated })) as Job | { readonly go: string } | null;
    if (answer === null || !("go" in answer)) return answer;
    location.replace(answer.go);
    return new Promise<never>(() => undefined);
  };
  let job = await ask();
  while (job === null) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    job = await ask();
  }
  document.body.textContent = `${job.place}: ${job.suite}`;
  if (job.place === "worker") {
    const worker = new Worker(new URL("/bundle/page/worker.mjs", location.href), { type: "module" });
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) => reject(new Error(`the worker broke: ${event.message}`));
      worker.postMessage(job);
    });
    worker.terminate();
  } else await work(job);
  location.reload();
}

/** An error that no test has caught ends the suite: it is told, not lost. */
function broken(error: unknown): Promise<unknown> {
  return tell({ broken: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
}

if (inWorker) {
  self.onmessage = ({ data }: MessageEvent<Job>) => {
    work(data).then(
      () => self.postMessage("done"),
      (error) => broken(error).then(() => self.postMessage("broken")),
    );
  };
} else {
  main().catch((error) => broken(error).then(() => location.reload()));
}
