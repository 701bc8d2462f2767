/** What stands in for tests/hostile/http_server.ts in browsers: the same server, run by the harness for as long as needed. */
import type { HostileServer, Sins } from "../../hostile/http_server.js";
import { serverAddress } from "./host.js";

export type { HostileServer, Sins } from "../../hostile/http_server.js";

async function ask(what: unknown): Promise<{ id: number; url: string }> {
  const answer = await fetch(`${serverAddress()}/peer`, { method: "POST", body: JSON.stringify(what) });
  return answer.json();
}

/** A server that serves the content with these sins. What it noted stays with the harness. */
export async function hostileServer(
  content: Uint8Array,
  sins: Sins = {},
): Promise<Pick<HostileServer, "url" | "close">> {
  const { id, url } = await ask({ content: [...content], sins });
  return { url, close: async () => void (await ask({ close: id })) };
}
