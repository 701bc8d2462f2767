/** Sockets as sources: the one suite, and what connections do. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { socketSink, socketSource } from "../../src/node.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { debugArena, drain, faultFrom, numbered, turns } from "../flow/support.js";
import { difference } from "../support/bytes.js";
import { does, whereThereIs } from "../support/lacks.js";
import { type SocketKind, type SocketPairs, socketPairs } from "../support/sockets.js";
import { openSink } from "../../src/outflow.js";

const kinds: SocketKind[] = ["tcp", "unix", "tls"];

function conformance(kind: SocketKind): void {
  let pairs: SocketPairs | undefined;
  afterAll(() => pairs?.close());
  const made = async (use: (far: Socket) => void): Promise<Made> => {
    pairs ??= await socketPairs(kind);
    const { near, far } = await pairs.pair();
    use(far);
    return { source: socketSource(near), cleanup: () => void far.destroy() };
  };
  sourceConformance(`a socket (${kind})`, (content) => made((far) => far.end(content)), {
    seekable: false,
    sync: false,
    waits: (content) => made((far) => far.write(content)),
    ...(kind === "tcp"
      ? {
          // A reset takes away what the reader's system has not handed over yet: it is sent once the content has arrived.
          breaks: async (content: Uint8Array) => {
            pairs ??= await socketPairs(kind);
            const { near, far } = await pairs.pair();
            const source = socketSource(near);
            far.write(content);
            let arrived = 0;
            const reset = () => far.resetAndDestroy();
            if (content.length === 0) reset();
            return {
              source: {
                ...source,
                async read(into, position, signal) {
                  const bytes = await source.read(into, position, signal);
                  arrived += bytes;
                  if (arrived === content.length && bytes > 0) reset();
                  return bytes;
                },
                close: () => source.close?.(),
              } satisfies Made["source"],
            };
          },
        }
      : {}),
  });
}

function asSource(kind: SocketKind): void {
  describe(`a socket as a source (${kind})`, () => {
    const arena = debugArena();
    let pairs: SocketPairs;
    beforeAll(async () => {
      pairs = await socketPairs(kind);
    });
    afterAll(async () => {
      await pairs.close();
      arena.close();
    });
    const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

    it("holds its peer back while nobody reads, and has it all in the end", async () => {
      const { near, far } = await pairs.pair();
      const content = numbered(8 * 2 ** 20);
      let written = false;
      far.end(content, () => (written = true));
      const flow = arena.open(socketSource(near), { element: "u8", capacity: 2 ** 16 });
      await flow.ready(1);
      await turns(200);
      expect(flow.available).toBeLessThanOrEqual(2 ** 16);
      expect(written).toBe(false);
      const { bytes, fault } = await drain(flow);
      expect(fault).toBeUndefined();
      expect(difference(bytes, content)).toBeUndefined();
      await flow.close();
      far.destroy();
    });

    it("that its peer has ended is at its end, and can still be written", async () => {
      const { near, far } = await pairs.pair();
      far.end("question");
      const flow = arena.open(socketSource(near, { destroy: false }), small);
      const { bytes } = await drain(flow);
      expect(new TextDecoder().decode(bytes)).toBe("question");
      await flow.close();
      const out = openSink(arena, socketSink(near), small);
      out.reserve(6, 6).data.set(new TextEncoder().encode("answer"));
      out.commit(6);
      const answer = once(far, "data");
      await out.close();
      expect(String(await answer)).toBe("answer");
      near.destroy();
      far.destroy();
    });

    it("goes both ways at once, each with its own end", async () => {
      const { near, far } = await pairs.pair();
      far.pipe(far); // what comes goes back
      const content = numbered(300_000);
      const flow = arena.open(socketSource(near), { element: "u8", capacity: 2 ** 14 });
      const out = openSink(arena, socketSink(near), { element: "u8", capacity: 2 ** 14 });
      const send = async () => {
        for (let at = 0; at < content.length; ) {
          await out.untilRoom(1);
          const span = out.reserve(1);
          const some = content.subarray(at, at + span.length);
          span.data.set(some);
          out.commit(some.length);
          at += some.length;
        }
        await out.close();
      };
      const [{ bytes, fault }] = await Promise.all([drain(flow), send()]);
      expect(fault).toBeUndefined();
      expect(difference(bytes, content)).toBeUndefined();
      await flow.close();
      expect(near.destroyed).toBe(true);
    });

    it("left as it is at the close can be read on by somebody else, and has no listeners of ours", async () => {
      const { near, far } = await pairs.pair();
      far.write("first");
      const before = near.eventNames().map((name) => [name, near.listenerCount(name)]);
      const flow = arena.open(socketSource(near, { destroy: false }), small);
      await flow.ready(5);
      await flow.close();
      expect(near.eventNames().map((name) => [name, near.listenerCount(name)])).toEqual(before);
      const next = once(near, "data");
      near.resume();
      far.write("second");
      expect(String(await next)).toBe("second");
      near.destroy();
      far.destroy();
    });

    it("that is destroyed from this side is a failure at the byte it had come to", async () => {
      const { near, far } = await pairs.pair();
      far.write(numbered(10));
      const flow = arena.open(socketSource(near), small);
      await flow.ready(10);
      near.destroy();
      const { bytes, fault } = await drain(flow);
      expect(bytes).toEqual(numbered(10));
      expect(fault?.message).toBe(
        "the socket failed at byte 10: it was destroyed before its end. What came before can still be read.",
      );
      await flow.close();
      far.destroy();
    });
  });
}

for (const kind of kinds) {
  const suites = () => {
    conformance(kind);
    asSource(kind);
  };
  if (kind !== "tls") suites();
  else {
    const tried = async () => {
      const pairs = await socketPairs(kind);
      try {
        socketSource((await pairs.pair()).near);
      } finally {
        await pairs.close();
      }
    };
    whereThereIs("TLS sockets that are read", tried, suites);
  }
}

describe("a socket of the host's own (tls)", () => {
  it("tells the end that came while it was paused, behind more than it buffers", async () => {
    const pairs = await socketPairs("tls");
    const { near, far } = await pairs.pair();
    const content = new Uint8Array(300_000);
    near.pause();
    let bytes = 0;
    const whole = new Promise<void>((resolve) => {
      near.on("data", (chunk: Uint8Array) => {
        bytes += chunk.length;
        if (bytes === content.length) resolve();
      });
    });
    const ended = new Promise<boolean>((resolve) => near.once("end", () => resolve(true)));
    far.end(content);
    await turns(200);
    near.resume();
    await whole;
    const told = does("TLS sockets tell an end that comes while they are paused");
    expect(await (told ? ended : Promise.race([ended, turns(200).then(() => false)]))).toBe(told);
    await pairs.close();
  });
});

describe("a connection that its peer resets", () => {
  it("is a failure with the system's error, at the byte it came at", async () => {
    const pairs = await socketPairs("tcp");
    const arena = debugArena();
    const { near, far } = await pairs.pair();
    const flow = arena.open(socketSource(near, { name: "the sensor" }), { element: "u8", capacity: 64, maxWindow: 16 });
    far.write(numbered(20));
    await flow.ready(16);
    while (flow.available < 20) await turns();
    far.resetAndDestroy();
    const { bytes, fault } = await drain(flow);
    expect(bytes).toEqual(numbered(20));
    expect(fault).toMatchObject({ code: "source-failed", facts: { position: 20 }, cause: { code: "ECONNRESET" } });
    expect(fault?.message).toContain("the sensor failed at byte 20: read ECONNRESET");
    await flow.close();
    await pairs.close();
    arena.close();
  });

  it("that cannot be made is a failure at byte 0", async () => {
    const pairs = await socketPairs("tcp");
    const { near } = await pairs.pair();
    const { remotePort } = near;
    await pairs.close();
    const arena = debugArena();
    const { connect } = await import("node:net");
    const flow = arena.open(socketSource(connect(remotePort!, "127.0.0.1")), { element: "u8", capacity: 64 });
    const answer = await flow.ready(1);
    expect(answer.state === "failed" && answer.fault).toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await faultFrom(() => {
      if (answer.state === "failed") throw answer.fault;
    }, "source-failed");
    await flow.close();
    arena.close();
  });
});
