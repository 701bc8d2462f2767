/** What a page and its workers have in memory. */
import { hostName } from "../support/host.js";

/** Bytes of the JavaScript heaps of the page, its frames and its workers after a collection, where the host says so. */
export async function heapBytes(): Promise<number | undefined> {
  const { measureUserAgentSpecificMemory } = performance as Performance & {
    measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
  };
  return (await measureUserAgentSpecificMemory?.call(performance))?.bytes;
}

/** Bytes that the browser's processes have for themselves. */
export async function privateBytes(): Promise<number> {
  return (await fetch(`/memory/${hostName()}`)).json() as Promise<number>;
}

export const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
