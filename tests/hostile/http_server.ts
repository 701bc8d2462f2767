/**
 * A file behind HTTP on loopback, served by a server with the sins that the test names, which notes every request.
 *
 * Without any it is an honest server: Range and If-Range as RFC 9110 has them, a strong ETag, one write for a body.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";

export interface Sins {
  /** Answers a Range request with the whole file and 200. */
  readonly ignoresRange?: boolean;
  /** Says `*` where the size belongs. */
  readonly hidesTotal?: boolean;
  /** Says nothing of the body's length: sends it in chunks. */
  readonly hidesLength?: boolean;
  /** Sends at most so many bytes of what was asked for, properly announced. */
  readonly atMost?: number;
  /** A 416 does not say the size. */
  readonly mute416?: boolean;
  /** The ETag; none where it is undefined. */
  readonly etag?: string | undefined;
  readonly lastModified?: string;
  /** Does not look at If-Range. */
  readonly ignoresIfRange?: boolean;
  /** Statuses of the first answers; 0 for one as it should be. Those of 300 to 399 lead to the same file by another path. */
  readonly statuses?: readonly number[];
  /** Headers that are put over the right ones; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Cuts the connection behind so many bytes of a body: one number an answer, the last one for all that follow. */
  readonly dropsAfter?: readonly number[];
  /** The lengths of what is written at a time, in turn, with a turn of the event loop in between. */
  readonly writes?: readonly number[];
  /** Writes up to this byte of the file and then neither more nor an end. */
  readonly silentAt?: number;
  /** Falls silent in front of the headers, for so many answers. */
  readonly silentAnswers?: number;
  /** Leaves out so many bytes at the end of a body, which ends well. */
  readonly cutsShort?: number;
  /** Sends so many bytes more than announced. */
  readonly overshoots?: number;
  /** Moves what it says about its part by so many bytes. */
  readonly misplaces?: number;
  /** Sends bodies in gzip, whatever was accepted. */
  readonly encodes?: boolean;
}

/** What came of one request. */
export interface Request {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly acceptEncoding: string | undefined;
  status: number;
  /** Bytes of the body given to the system. */
  sent: number;
  /** Whether the connection was closed before the answer's end. */
  broken: boolean;
}

export interface HostileServer {
  readonly url: string;
  readonly requests: Request[];
  /** What is served from now on, and how. */
  content: Uint8Array;
  sins: Sins;
  /** Answers under way: not sent to their end yet, on connections that are still there. */
  readonly busy: number;
  /** Resolves once there are none. */
  untilIdle(): Promise<void>;
  /** Resolves once so many requests have come. */
  untilAsked(count: number): Promise<void>;
  close(): Promise<void>;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

export async function hostileServer(content: Uint8Array, sins: Sins = {}): Promise<HostileServer> {
  const requests: Request[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let busy = 0;
  const tell = () => {
    for (const look of waiting) look();
  };
  const until = (isThere: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isThere()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const count = requests.length;
    const path = request.url ?? "/";
    const { range, "if-range": ifRange, "accept-encoding": acceptEncoding } = request.headers;
    const noted: Request = {
      path,
      range,
      ifRange: ifRange as string | undefined,
      acceptEncoding: acceptEncoding as string | undefined,
      status: 0,
      sent: 0,
      broken: false,
    };
    requests.push(noted);
    busy++;
    tell();
    response.on("close", () => {
      noted.broken = !response.writableFinished;
      busy--;
      tell();
    });
    const { sins, content } = server;
    if (count < (sins.silentAnswers ?? 0)) return;
    const status = sins.statuses?.[count] ?? 0;
    if (status >= 300 && status < 400) {
      noted.status = status;
      response.writeHead(status, { location: "/elsewhere" }).end();
      return;
    }
    if (status !== 0) {
      noted.status = status;
      response.writeHead(status, { "retry-after": "0" }).end("no");
      return;
    }
    await serve(request, response, noted, count, content, sins);
  };

  const http = createServer((request, response) => {
    // What a browser asks for a page of another origin is none of the test's requests.
    if (request.method === "OPTIONS") {
      const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
      response.writeHead(204, headers).end();
      return;
    }
    // What a cut connection still had to do fails, and nobody wants to know.
    answer(request, response).catch(() => response.destroy());
  });
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const server: HostileServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/file`,
    requests,
    content,
    sins,
    get busy() {
      return busy;
    },
    untilIdle: () => until(() => busy === 0),
    untilAsked: (count) => until(() => requests.length >= count),
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => http.close(() => resolve()));
    },
  };
  return server;
}

/** The part asked for, as `[first, behind the last]`; undefined where none was, or none that has to be heeded. */
function partOf(range: string | undefined, length: number): [number, number] | undefined {
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (!match) return undefined;
  return [Number(match[1]), Math.min(length, match[2] === "" ? length : Number(match[2]) + 1)];
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  noted: Request,
  count: number,
  content: Uint8Array,
  sins: Sins,
): Promise<void> {
  const etag = "etag" in sins ? sins.etag : '"one"';
  const headers: Record<string, string | undefined> = { etag, "last-modified": sins.lastModified };
  const condition = request.headers["if-range"];
  const same = condition === undefined || sins.ignoresIfRange || condition === etag || condition === sins.lastModified;
  const part = sins.ignoresRange || !same ? undefined : partOf(request.headers.range, content.length);
  const total = sins.hidesTotal ? "*" : String(content.length);
  let [from, to] = part ?? [0, content.length];
  if (part && from >= content.length) {
    noted.status = 416;
    const range = sins.mute416 ? {} : { "content-range": `bytes */${content.length}` };
    response.writeHead(416, withoutMissing({ ...headers, ...range, ...sins.headers })).end();
    return;
  }
  to = Math.min(to, from + (sins.atMost ?? Number.POSITIVE_INFINITY));
  if (part) {
    const moved = sins.misplaces ?? 0;
    headers["content-range"] = `bytes ${from + moved}-${to - 1 + moved}/${total}`;
  }
  let body = content.subarray(from, to - (sins.cutsShort ?? 0));
  if (sins.overshoots) body = Buffer.concat([body, Buffer.alloc(sins.overshoots, 0xee)]);
  if (sins.encodes) {
    body = gzipSync(body);
    headers["content-encoding"] = "gzip";
  }
  if (!sins.hidesLength && !sins.cutsShort && !sins.overshoots) headers["content-length"] = String(body.length);
  noted.status = part ? 206 : 200;
  response.writeHead(noted.status, withoutMissing({ ...headers, ...sins.headers }));
  response.flushHeaders();

  const drops = sins.dropsAfter?.[Math.min(count, sins.dropsAfter.length - 1)] ?? Number.POSITIVE_INFINITY;
  const stops = Math.max(0, (sins.silentAt ?? Number.POSITIVE_INFINITY) - from);
  const most = Math.min(body.length, drops, stops);
  for (let turns = 0; noted.sent < most; turns++) {
    const length = sins.writes?.[turns % sins.writes.length] ?? body.length;
    const some = body.subarray(noted.sent, Math.min(most, noted.sent + length));
    if (response.destroyed) return;
    noted.sent += some.length;
    await new Promise<void>((resolve, reject) => response.write(some, (error) => (error ? reject(error) : resolve())));
    if (sins.writes) await turn();
  }
  if (drops <= body.length) {
    // What was written is on its way; the end of the connection follows it.
    response.socket?.end();
    response.socket?.destroySoon();
  } else if (noted.sent === body.length && stops > body.length) response.end();
}

function withoutMissing(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
