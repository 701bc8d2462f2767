/** Two pseudo-terminals joined by socat: what is written to one is read from the other, as over a serial line. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, rmSync, type WriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Line {
  /** The device's end: what it sends. */
  readonly device: WriteStream;
  /** The path of the computer's end. */
  readonly path: string;
  /** Pulls the device out, and forgets the line. */
  cut(): Promise<void>;
}

/** Starts socat. Throws where there is none: `apt-get install socat`. */
export async function openLine(): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "forebay-serial-"));
  const [far, near] = [join(folder, "device"), join(folder, "computer")];
  const child = spawn("socat", [`pty,raw,echo=0,link=${far}`, `pty,raw,echo=0,link=${near}`], { stdio: "ignore" });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error) =>
      reject(new Error("socat cannot be started: apt-get install socat", { cause: error })),
    );
    child.once("exit", (code) => reject(new Error(`socat ended with ${code}`)));
  });
  failed.catch(() => undefined);
  const there = async () => {
    while (!existsSync(far) || !existsSync(near)) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await Promise.race([there(), failed]);
  const device = createWriteStream(far, { flags: "r+" });
  device.on("error", () => undefined);
  const cut = async () => {
    device.destroy();
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  return { device, path: near, cut };
}

/** Ends a child and waits until it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await gone;
}
