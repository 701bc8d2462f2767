/** What the tests of URL sources share: servers that are closed behind each test, and reading by hand. */
import { afterEach } from "vitest";
import { type UrlSource, type UrlSourceOptions, urlSource } from "../../src/web.js";
import { type HostileServer, hostileServer, type Sins } from "../hostile/http_server.js";
import { concat } from "../support/bytes.js";

const toClose: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of toClose.splice(0).reverse()) await one.close();
});

/** Few, short pauses: how long they are is no matter to most tests. */
export const quick = { pause: 1 } as const;

/** A server that is closed behind the test. */
export async function serve(content: Uint8Array, sins: Sins = {}): Promise<HostileServer> {
  const server = await hostileServer(content, sins);
  toClose.push(server);
  return server;
}

/** A source that is closed behind the test. */
export async function open(url: string, options: UrlSourceOptions = {}): Promise<UrlSource> {
  const source = await urlSource(url, { ...quick, ...options });
  toClose.push(source);
  return source;
}

export const never = new AbortController().signal;

/** What lies at `position`, as many reads as it takes. */
export async function readAt(source: UrlSource, position: number, length: number): Promise<Uint8Array> {
  const into = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const some = await source.read(into.subarray(filled), position + filled, never);
    if (some === 0) break;
    filled += some;
  }
  return into.subarray(0, filled);
}

/** All from `position` on, `length` bytes a read, and what it ended with. */
export async function readOn(
  source: UrlSource,
  position = 0,
  length = 1000,
): Promise<{ bytes: Uint8Array; error: unknown }> {
  const parts: Uint8Array[] = [];
  let at = position;
  try {
    for (;;) {
      const into = new Uint8Array(length);
      const some = await source.read(into, at, never);
      if (some === 0) return { bytes: concat(parts), error: undefined };
      parts.push(into.subarray(0, some));
      at += some;
    }
  } catch (error) {
    return { bytes: concat(parts), error };
  }
}

/** The ranges that were asked for, each as its first byte and the one behind its last. */
export function rangesOf(server: HostileServer): [number, number][] {
  return server.requests.map(({ range }) => {
    const match = /^bytes=(\d+)-(\d+)$/.exec(range ?? "");
    if (!match) throw new Error(`no range of two ends: ${range}`);
    return [Number(match[1]), Number(match[2]) + 1];
  });
}

export const sentBy = (server: HostileServer): number => server.requests.reduce((sum, { sent }) => sum + sent, 0);
