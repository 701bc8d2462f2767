/** WebSockets as sources and sinks, over real connections on loopback. */
import { createServer, type Server as TcpServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type WebSocketSourceOptions, webSocketSink, webSocketSource } from "../../src/web.js";
import { sinkConformance } from "../conformance/sink.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { debugArena, drain, faultFrom, numbered, turns } from "../flow/support.js";
import { concat } from "../support/bytes.js";
import { copiedBytes } from "../support/copies.js";
import { openSink } from "../../src/outflow.js";

/** ws's class has the browser's interface; what takes it takes the browser's too, as the compiler shows. */
type BrowserSocket = globalThis.WebSocket;

const arena = debugArena();
const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;
const { signal } = new AbortController();
let server: WebSocketServer;
let url: string;
let connections = 0;
/** What the server does with a connection, by the path that it asks for. */
const scripts = new Map<string, (peer: WebSocket) => void>();

beforeAll(async () => {
  server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (peer, { url: path = "" }) => {
    scripts.get(path)?.(peer);
    scripts.delete(path);
  });
  await new Promise((resolve) => server.once("listening", resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  for (const peer of server.clients) peer.terminate();
});
afterAll(async () => {
  arena.close();
  await new Promise((resolve) => server.close(resolve));
});

/** A new connection, to which the server does what is said. */
function connect(script: (peer: WebSocket) => void = () => {}): WebSocket {
  const path = `/${connections++}`;
  scripts.set(path, script);
  return new WebSocket(url + path);
}

/** Sends the content in messages of set lengths. */
function send(peer: WebSocket, content: Uint8Array, lengths: readonly number[]): void {
  for (let at = 0, turn = 0; at < content.length; turn++) {
    const piece = content.subarray(at, at + lengths[turn % lengths.length]!);
    peer.send(piece);
    at += piece.length;
  }
}

const overSocket = (script: (peer: WebSocket) => void, options?: WebSocketSourceOptions): Made => ({
  source: webSocketSource(connect(script) as unknown as BrowserSocket, options),
});

for (const lengths of [[1, 0, 3000, 2], [100_000]]) {
  sourceConformance(
    `a socket's messages of ${lengths} bytes`,
    async (content) =>
      overSocket((peer) => {
        send(peer, content, lengths);
        peer.close(1000);
      }),
    {
      seekable: false,
      sync: false,
      waits: async (content) => overSocket((peer) => send(peer, content, lengths)),
      breaks: async (content) =>
        overSocket((peer) => {
          send(peer, content, lengths);
          peer.close(4321, "out of data");
        }),
    },
  );
}

describe("a socket as a source", () => {
  const opened = (socket: WebSocket) => new Promise((resolve) => socket.once("open", resolve));
  const over = (socket: WebSocket) => new Promise((resolve) => socket.once("close", resolve));
  const read = async (script: (peer: WebSocket) => void, options?: WebSocketSourceOptions) => {
    const { source } = overSocket(script, options);
    const flow = arena.open(source, ring);
    const result = await drain(flow);
    await flow.close();
    return result;
  };

  it("gives the same however it is cut into messages", async () => {
    const lengths = fc.array(fc.nat(70), { minLength: 1, maxLength: 8 }).filter((list) => list.some((n) => n > 0));
    await fc.assert(
      fc.asyncProperty(fc.nat(300), lengths, async (length, lengths) => {
        const content = numbered(length);
        const { bytes, fault } = await read((peer) => {
          send(peer, content, lengths);
          peer.close();
        });
        expect(fault).toBeUndefined();
        expect(bytes).toEqual(content);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [
      "1011 and a reason",
      (peer: WebSocket) => peer.close(1011, "disk on fire"),
      /closed with code 1011 \(disk on fire\)/,
    ],
    ["1001", (peer: WebSocket) => peer.close(1001), /closed with code 1001\./],
    ["no handshake", (peer: WebSocket) => peer.terminate(), /closed without a closing handshake, code 1006\./],
  ])("closed with %s has failed, after what came before", async (_, end, message) => {
    const { bytes, fault } = await read((peer) => peer.send(numbered(20), () => end(peer)));
    expect(bytes).toEqual(numbered(20));
    expect(fault?.code).toBe("source-failed");
    expect(fault?.facts).toEqual({ position: 20 });
    expect(fault?.message).toMatch(message);
  });

  it.each([
    [1000, undefined],
    [undefined, undefined],
    [4001, [4001]],
  ])("closed with code %s has ended", async (code, endCodes) => {
    const options = endCodes ? { endCodes } : {};
    const { bytes, fault } = await read((peer) => peer.send(numbered(20), () => peer.close(code)), options);
    expect(bytes).toEqual(numbered(20));
    expect(fault).toBeUndefined();
  });

  it("to nobody says why, where the platform does", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const flow = arena.open(webSocketSource(new WebSocket(`ws://127.0.0.1:${port}`)), ring);
    const { fault } = await drain(flow);
    expect(fault?.message).toMatch(/the socket failed at byte 0: it was closed .* code 1006/);
    expect(fault?.cause).toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await flow.close();
  });

  it("that gives text fails there, after the bytes before it", async () => {
    const { bytes, fault } = await read((peer) => {
      peer.send(numbered(20));
      peer.send("text");
      peer.send(numbered(20));
    });
    expect(bytes).toEqual(numbered(20));
    expect(fault?.message).toMatch(/it gave a text message, not bytes/);
  });

  it("that was closed before it was read has failed", async () => {
    const socket = connect((peer) => peer.close());
    await over(socket);
    const source = webSocketSource(socket);
    await expect(async () => source.read(new Uint8Array(9), 0, signal)).rejects.toThrow(
      "closed before it could be read",
    );
  });

  it("queues what nobody reads, counts it, and fails above the most that may wait, after all of it", async () => {
    let tell: (what: unknown) => void;
    const told = new Promise((resolve) => (tell = resolve));
    const socket = connect((peer) => {
      peer.once("close", (code, reason) => tell([code, String(reason)]));
      for (let turn = 0; turn < 10; turn++) peer.send(numbered(100, turn));
    });
    const source = webSocketSource(socket, { most: 250, name: "the feed" });
    expect(source.queued).toBe(0);
    await over(socket);
    expect(source.queued).toBe(300);
    expect(await told).toEqual([4000, "the reader is too slow"]);
    const flow = arena.open(source, ring);
    const { bytes, fault } = await drain(flow);
    expect(bytes).toEqual(concat([numbered(100, 0), numbered(100, 1), numbered(100, 2)]));
    expect(source.queued).toBe(0);
    expect(fault?.message).toMatch(
      /the feed failed at byte 300: 300 bytes wait to be read, more than the 250 that may/,
    );
    expect(fault?.cause).toMatchObject({ code: "full", facts: { queued: 300, most: 250 } });
    await flow.close();
  });

  it("may have exactly the most that may wait", async () => {
    const socket = connect((peer) => {
      for (let turn = 0; turn < 10; turn++) peer.send(numbered(100, turn));
      peer.close();
    });
    const source = webSocketSource(socket, { most: 1000 });
    await over(socket);
    expect(source.queued).toBe(1000);
    const flow = arena.open(source, ring);
    expect(await drain(flow)).toMatchObject({ fault: undefined, bytes: { length: 1000 } });
    await flow.close();
  });

  it("fills a read with as many messages as fit, and copies a byte once", async () => {
    const socket = connect((peer) => {
      send(peer, numbered(100), [10]);
      peer.close();
    });
    const source = webSocketSource(socket);
    expect(source.copies).toBe(1);
    await over(socket);
    const into = new Uint8Array(64);
    const copied = await copiedBytes(async () => {
      expect(await source.read(into.subarray(0, 55), 0, signal)).toBe(55);
      expect(source.queued).toBe(45);
      expect(await source.read(into, 55, signal)).toBe(45);
      expect(await source.read(into, 100, signal)).toBe(0);
    });
    expect(copied).toBe(100);
    expect(into.subarray(0, 45)).toEqual(numbered(100).subarray(55));
  });

  it("gives messages that came as blobs in their order", async () => {
    // As a browser does with what comes before `binaryType` is set.
    const socket = connect();
    const source = webSocketSource(socket);
    await opened(socket);
    for (const message of [
      new Blob([numbered(10)]),
      numbered(10, 11).buffer,
      new Blob([]),
      new Blob([numbered(10, 21)]),
    ]) {
      socket.emit("message", message, true);
    }
    expect(source.queued).toBe(30);
    const got: number[] = [];
    const into = new Uint8Array(7);
    while (got.length < 30) got.push(...into.subarray(0, await source.read(into, got.length, signal)));
    expect(got).toEqual([...numbered(10), ...numbered(10, 11), ...numbered(10, 21)]);
    await source.close?.();
  });

  it("loses nothing by a read that was given up", async () => {
    let peer!: WebSocket;
    const socket = connect((its) => {
      peer = its;
    });
    const source = webSocketSource(socket);
    await opened(socket);
    await turns(2);
    const got: number[] = [];
    const into = new Uint8Array(50);
    for (let turn = 0; turn < 3; turn++) {
      const abort = new AbortController();
      const waiting = Promise.resolve(source.read(into, 0, abort.signal)).catch((error: unknown) => error);
      abort.abort("later");
      expect(await waiting).toBe("later");
      peer.send(numbered(30, turn));
      got.push(...into.subarray(0, await source.read(into, got.length, signal)));
    }
    expect(got).toEqual([...numbered(30, 0), ...numbered(30, 1), ...numbered(30, 2)]);
    await source.close?.();
  });

  it("closes its socket with it, unless it is told to keep it open", async () => {
    for (const keepOpen of [false, true]) {
      const { socket, code, written } = collected();
      await opened(socket);
      await webSocketSource(socket, { keepOpen }).close?.();
      expect(socket.readyState).toBe(keepOpen ? WebSocket.OPEN : WebSocket.CLOSING);
      if (keepOpen) continue;
      await written();
      expect(code()).toBe(1000);
    }
  });
});

/** What a server's side of a connection was given, once it is closed. */
function collected(): {
  socket: WebSocket;
  written: () => Promise<Uint8Array>;
  code: () => number;
  messages: number[];
} {
  const parts: Uint8Array[] = [];
  const messages: number[] = [];
  let ended: () => void = () => {};
  let code = 0;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const socket = connect((peer) => {
    peer.on("message", (message, isBinary) => {
      expect(isBinary).toBe(true);
      parts.push(message as Buffer);
      messages.push((message as Buffer).length);
    });
    peer.once("close", (with_) => {
      code = with_;
      ended();
    });
  });
  return {
    socket,
    code: () => code,
    messages,
    written: async () => {
      await end;
      return concat(parts);
    },
  };
}

sinkConformance(
  "a socket",
  async () => {
    const { socket, written } = collected();
    return { sink: webSocketSink(socket as unknown as BrowserSocket), written };
  },
  { sync: false },
);

describe("a socket as a sink", () => {
  it("sends messages of a bounded length, waits while too much is buffered, and copies a byte once", async () => {
    const { socket, written, messages, code } = collected();
    const sink = webSocketSink(socket, { messageBytes: 1000, highWater: 2000, name: "the uplink" });
    expect(sink).toMatchObject({ name: "the uplink", copies: 1 });
    const from = numbered(200_000);
    let most = 0;
    const copied = await copiedBytes(async () => {
      for (let at = 0; at < from.length; ) {
        at += await sink.write(from.subarray(at), at, signal);
        most = Math.max(most, socket.bufferedAmount);
      }
    });
    expect(copied).toBeGreaterThanOrEqual(200_000);
    expect(most).toBeLessThan(2000 + 1000 + 20);
    from.fill(0); // nothing of it is kept
    await sink.flush?.();
    expect(socket.bufferedAmount).toBe(0);
    await sink.close?.();
    expect(await written()).toEqual(numbered(200_000));
    expect(messages).toEqual(new Array(200).fill(1000));
    expect(code()).toBe(1000);
  });

  it("says that the peer closed it, with its code and reason", async () => {
    const socket = connect((peer) => peer.close(1013, "come back later"));
    const out = openSink(arena, webSocketSink(socket), ring);
    await new Promise((resolve) => socket.once("close", resolve));
    out.reserve(5);
    out.commit(5);
    const fault = await faultFrom(() => out.flush(), "sink-failed");
    expect(fault.message).toMatch(
      /the socket failed: it was closed with code 1013 \(come back later\), 0 bytes unsent/,
    );
    await out.close();
    await expect(async () => webSocketSink(socket).write(numbered(1), 0, signal)).rejects.toThrow("closed before");
  });

  it("that was given up says so to the peer: half of it is not all of it", async () => {
    const silent = silentPeer();
    const socket = new WebSocket(await silent.url);
    const sink = webSocketSink(socket, { keepOpen: false });
    const abort = new AbortController();
    const write = Promise.resolve(sink.write(numbered(5), 0, abort.signal)).catch((error: unknown) => error);
    await turns(2);
    abort.abort("enough");
    expect(await write).toBe("enough"); // the connection was never opened
    await sink.close?.();
    await silent.close();

    const { socket: open, code, written } = collected();
    await new Promise((resolve) => open.once("open", resolve));
    const cut = webSocketSink(open);
    expect(await cut.write(numbered(5), 0, signal)).toBe(5);
    await expect(async () => cut.write(numbered(5), 5, AbortSignal.abort("enough"))).rejects.toBe("enough");
    await cut.close?.();
    await written();
    expect(code()).toBe(4000);
  });

  it("leaves its socket open where it is told to, for the source over the same one", async () => {
    const socket = connect((peer) => {
      peer.on("message", (message) => peer.send(message));
    });
    const source = webSocketSource(socket);
    const sink = webSocketSink(socket, { keepOpen: true });
    const out = openSink(arena, sink, ring);
    out.reserve(9).data.set(numbered(9));
    out.commit(9);
    await out.close();
    const into = new Uint8Array(20);
    expect(await source.read(into, 0, signal)).toBe(9);
    expect(into.subarray(0, 9)).toEqual(numbered(9));
    await source.close?.();
  });
});

/** A server that accepts connections and never says a word. */
function silentPeer(): { url: Promise<string>; close(): Promise<void> } {
  const sockets: Socket[] = [];
  const tcp: TcpServer = createServer((socket) => {
    socket.on("error", () => {});
    sockets.push(socket);
  });
  const url = new Promise<string>((resolve) =>
    tcp.listen(0, "127.0.0.1", () => resolve(`ws://127.0.0.1:${(tcp.address() as AddressInfo).port}/`)),
  );
  return {
    url,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}
