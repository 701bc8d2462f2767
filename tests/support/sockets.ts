/** Pairs of connected sockets on this machine: TCP, unix, and TLS with a key that is made for the tests. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { projectPath } from "./host.js";

export type SocketKind = "tcp" | "unix" | "tls";

/** Both ends of a connection. */
export interface SocketPair {
  readonly near: net.Socket;
  readonly far: net.Socket;
}

/** A server for pairs of sockets, which are made one after the other. */
export interface SocketPairs {
  pair(): Promise<SocketPair>;
  close(): Promise<void>;
}

const pem = (name: string) => readFileSync(projectPath(`tests/support/tls/${name}.pem`));

/** Listens for pairs; `allowHalfOpen` as `node:net` has it, for both ends. */
export async function socketPairs(kind: SocketKind, allowHalfOpen = true): Promise<SocketPairs> {
  const folder = mkdtempSync(join(tmpdir(), "forebay-socket-"));
  const certificate = pem("test-certificate");
  const server =
    kind === "tls"
      ? tls.createServer({ key: pem("test-key"), cert: certificate, allowHalfOpen })
      : net.createServer({ allowHalfOpen });
  const path = join(folder, "socket");
  server.listen(kind === "unix" ? { path } : { port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const open = new Set<net.Socket>();
  const to = kind === "unix" ? { path } : { port: (server.address() as net.AddressInfo).port, host: "127.0.0.1" };
  const arrived = kind === "tls" ? "secureConnection" : "connection";
  return {
    async pair() {
      const accepted = once(server, arrived);
      const near =
        kind === "tls"
          ? tls.connect(
              Object.assign({ ca: certificate, servername: "localhost", allowHalfOpen }, to) as tls.ConnectionOptions,
            )
          : net.connect({ ...to, allowHalfOpen });
      await once(near, kind === "tls" ? "secureConnect" : "connect");
      const [far] = (await accepted) as [net.Socket];
      for (const socket of [near, far]) {
        open.add(socket);
        socket.on("error", () => {});
        socket.once("close", () => open.delete(socket));
      }
      return { near, far };
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
      rmSync(folder, { recursive: true });
    },
  };
}
