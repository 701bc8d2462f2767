/** Debian's broker on loopback: a process of its own with a configuration made for the tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended } from "./socat.js";

export interface Broker {
  readonly url: string;
  /** Ends it, and starts it again at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts mosquitto, which lets in whoever comes, or nobody. Throws where there is none: `apt-get install mosquitto`. */
export async function startMosquitto({ isOpen = true } = {}): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), "forebay-mqtt-"));
  const port = await freePort();
  const file = join(folder, "mosquitto.conf");
  // A reader without a name of its own may not read what is secret.
  writeFileSync(join(folder, "rules"), "topic readwrite samples/#\n");
  writeFileSync(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous ${isOpen}\nacl_file ${folder}/rules\nuser root\nlog_dest none\n`,
  );
  let child = await start(file, port);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async restart() {
      await ended(child);
      child = await start(file, port);
    },
    async close() {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(file: string, port: number): Promise<ChildProcess> {
  const path = `${process.env["PATH"]}:/usr/sbin`;
  const child = spawn("mosquitto", ["-c", file], { stdio: "ignore", env: { ...process.env, PATH: path } });
  let failure: Error | undefined;
  child.once("error", (cause) => {
    failure = new Error("mosquitto cannot be started: apt-get install mosquitto", { cause });
  });
  child.once("exit", (code) => {
    failure ??= new Error(`mosquitto ended with ${code}`);
  });
  while (!(await answers(port))) {
    if (failure) throw failure;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return child;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
