/** Files behind URLs against the one suite of sources: over servers that honour ranges, ignore them, and misbehave. */
import { type UrlSourceOptions, urlSource } from "../../src/web.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { hostileServer, type Sins } from "../hostile/http_server.js";
import { hostName } from "../support/host.js";

async function over(content: Uint8Array, sins: Sins, options: UrlSourceOptions = {}): Promise<Made> {
  const server = await hostileServer(content, sins);
  try {
    return { source: await urlSource(server.url, options), cleanup: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** A server that has said that there is more than the content, and gives no more. */
const unfinished = (content: Uint8Array) =>
  Uint8Array.from({ length: content.length + 1000 }, (_, at) => content[at] ?? 0);

const seekable = { seekable: true, sync: false } as const;
const oneWay = { seekable: false, sync: false } as const;

/** Short pauses, few tries, and a silence that a busy browser's first answer is still within. */
const quick = { pause: 1, retries: 1, timeout: 200 };

/** Firefox keeps an answer's headers back until the first byte of the body: without one, nothing has been answered. */
const opensFrom = hostName().startsWith("firefox") ? 1 : 0;

sourceConformance("a URL", (content) => over(content, {}), {
  ...seekable,
  waits: (content) => over(unfinished(content), { silentAt: content.length }),
  breaks: (content) => over(unfinished(content), { silentAt: content.length }, quick),
  opensFrom,
});

sourceConformance("a URL, first asked for one byte", (content) => over(content, {}, { first: 1 }), seekable);

sourceConformance("a URL, each read a request of its own", (content) => over(content, {}, { exact: true, first: 10 }), {
  ...seekable,
  waits: (content) => over(unfinished(content), { silentAt: content.length }, { exact: true, first: 10 }),
});

sourceConformance(
  "a URL whose size is not said",
  (content) => over(content, { hidesTotal: true, hidesLength: true }, { first: 64 }),
  seekable,
);

sourceConformance(
  "a URL that gives little at a time",
  (content) => over(content, { atMost: 999, writes: [10, 300] }),
  seekable,
);

// A body that breaks off takes along what of it nobody has read yet: a busy browser may lose the same bytes many times.
sourceConformance(
  "a URL whose connections drop",
  (content) => over(content, { dropsAfter: [1, 30, 0, 7000], writes: [7, 5000] }, { pause: 0, retries: 1000 }),
  seekable,
);

sourceConformance("a URL without ranges", (content) => over(content, { ignoresRange: true }), {
  ...oneWay,
  waits: (content) => over(unfinished(content), { ignoresRange: true, silentAt: content.length }),
  breaks: (content) => over(unfinished(content), { ignoresRange: true, silentAt: content.length }, quick),
  opensFrom,
});

sourceConformance(
  "a URL without ranges or length",
  (content) => over(content, { ignoresRange: true, hidesLength: true, writes: [1, 20, 3000] }),
  oneWay,
);
