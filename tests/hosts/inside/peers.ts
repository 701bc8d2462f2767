/** The servers that tests in browsers talk to, run by the harness. */
import { type HostileServer, hostileServer, type Sins } from "../../hostile/http_server.js";

/** What lets a page of another origin read the answers. */
const SHARED = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "*",
  "cross-origin-resource-policy": "cross-origin",
};

const open = new Map<number, HostileServer>();
let made = 0;

/** Starts or ends a server, as tests/hosts/inside/http_server.ts asks. */
export async function peer(asked: { content: number[]; sins: Sins } | { close: number }): Promise<object> {
  if ("close" in asked) {
    await open.get(asked.close)?.close();
    open.delete(asked.close);
    return {};
  }
  const sins = { ...asked.sins, headers: { ...SHARED, ...asked.sins.headers } };
  const server = await hostileServer(Uint8Array.from(asked.content), sins);
  open.set(++made, server);
  return { id: made, url: server.url };
}
