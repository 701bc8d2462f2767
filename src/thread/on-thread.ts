/** Sources that are made on the thread that reads them. */
import { Fault, Unsupported } from "../fault.js";
import type { Source, SourceRecipe } from "../source/source.js";

/** The adapters that a worker of the library makes by name, and what each takes; all of it has to be such as `postMessage` carries. */
export interface ThreadAdapters {
  /** `urlSource(url, options)` of `forebay/web`: the first request is the worker's. */
  urlSource: [url: string, options?: object];
  /** A file of the origin private file system by its path: pages cannot open one, workers can. */
  opfsSource: [path: string];
  blobSource: [blob: Blob, options?: object];
}

/**
 * A source that only a worker makes: for `arena.open(source, { thread: "worker" })`. By an adapter's name, or by the address of
 * a module whose default export makes the source from the arguments, now or by a promise.
 */
export function onThread<A extends keyof ThreadAdapters>(adapter: A, ...given: ThreadAdapters[A]): Source;
export function onThread(module: URL, ...given: readonly unknown[]): Source;
export function onThread(adapter: string | URL, ...given: readonly unknown[]): Source {
  if (typeof adapter !== "string" && !(adapter instanceof URL)) {
    throw new Fault("bad-argument", `onThread takes an adapter's name or a module's URL, not ${String(adapter)}.`);
  }
  const recipe: SourceRecipe =
    typeof adapter === "string"
      ? { platform: "web", adapter, arguments: given }
      : { platform: "module", adapter: adapter.href, arguments: given };
  const name = typeof given[0] === "string" ? given[0] : recipe.adapter;
  return {
    name,
    recipe,
    read() {
      throw new Unsupported(`${name} is made by its worker: open it with { thread: "worker" }.`);
    },
  };
}
