/** What stands in for tests/support/host.ts in the bundles: the host's name, the project's files and the peers beside it. */
import { share } from "forebay-suites";

/** What the harness says to a host. */
export interface Given {
  /** The host's name in tests/hosts/expectations.ts. */
  readonly host: string;
  /** Address of the loopback server of the harness. */
  readonly server: string;
  /** The project's folder, on hosts that have files. */
  readonly root: string;
}

let given: Given | undefined;
let files = new Map<string, Uint8Array<ArrayBuffer>>();

/** Begins with what the harness has given: the files that tests read are fetched here, since they are asked for at once. */
export async function begin(by: Given): Promise<void> {
  const answer = await fetch(`${by.server}/files`);
  const texts = (await answer.json()) as Record<string, string>;
  const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  files = new Map(Object.entries(texts).map(([path, text]) => [path, bytes(text)]));
  given = by;
}

function told(): Given {
  if (given === undefined) throw new Error("The suite was begun without begin().");
  return given;
}

export function hostName(): string {
  return told().host;
}

/** There are no variables here: the suites run as they do by default. */
export function variable(_name: string): string | undefined {
  return undefined;
}

/** See `inside/fast-check.ts`, which does the same for properties. */
export function shareOfRuns(): number {
  return share;
}

export function serverAddress(): string {
  return told().server;
}

export function projectPath(path: string): string {
  return told().root + path;
}

export function projectFile(path: string): Uint8Array<ArrayBuffer> {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`${path} is not among the files of tests/hosts/server.mjs.`);
  return bytes.slice();
}
