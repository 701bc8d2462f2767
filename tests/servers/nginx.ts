/** nginx on loopback: a process of its own with a configuration made for the tests, over a folder of theirs. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What nginx says of one request, once it is done with it. */
export interface Logged {
  readonly status: number;
  /** Bytes of the body. */
  readonly sent: number;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly path: string;
}

export interface Nginx {
  /** Where `files` is served in a way: `honest`, `norange`, `gzip`, `slow`, `dated`, `moved`. */
  url(way: string, file: string): string;
  /** The folder that is served. */
  readonly files: string;
  /** Resolves to what was logged, once it is `count` requests or more. */
  logged(count: number): Promise<Logged[]>;
  /** Begins the log anew. */
  forget(): void;
  close(): Promise<void>;
}

/** Bytes a second of one connection to `slow`. */
export const slowRate = 200_000;

const configuration = (folder: string, port: number) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  client_body_temp_path ${folder}/temp;
  proxy_temp_path ${folder}/temp;
  fastcgi_temp_path ${folder}/temp;
  uwsgi_temp_path ${folder}/temp;
  scgi_temp_path ${folder}/temp;
  log_format tests '$status\t$body_bytes_sent\t$http_range\t$http_if_range\t$request_uri';
  access_log ${folder}/access.log tests;
  default_type application/octet-stream;
  sendfile on;
  server {
    listen 127.0.0.1:${port};
    location /honest/ { alias ${folder}/files/; }
    location /norange/ { alias ${folder}/files/; max_ranges 0; }
    location /gzip/ { alias ${folder}/files/; gzip on; gzip_types *; gzip_min_length 1; }
    location /slow/ { alias ${folder}/files/; limit_rate ${slowRate}; }
    location /dated/ { alias ${folder}/files/; etag off; }
    location /moved/ { rewrite ^/moved/(.*)$ /honest/$1 redirect; }
  }
}
`;

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Starts nginx and resolves once it answers. Throws where it is not there: these tests are about it. */
export async function startNginx(): Promise<Nginx> {
  if (spawnSync("nginx", ["-v"]).error) throw new Error("There is no nginx: install Debian's package nginx-light.");
  const folder = mkdtempSync(join(tmpdir(), "forebay-nginx-"));
  const files = join(folder, "files");
  mkdirSync(files);
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  writeFileSync(config, configuration(folder, port));
  const child = spawn("nginx", ["-p", folder, "-c", config, "-e", join(folder, "error.log")], { stdio: "ignore" });
  const base = `http://127.0.0.1:${port}`;
  await untilAnswers(child, base, join(folder, "error.log"));
  const access = join(folder, "access.log");
  writeFileSync(access, "", { flag: "w" });
  return {
    url: (way, file) => `${base}/${way}/${file}`,
    files,
    async logged(count) {
      for (;;) {
        const lines = readFileSync(access, "utf8").split("\n").slice(0, -1);
        if (lines.length >= count) return lines.map(understand);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    forget: () => writeFileSync(access, ""),
    async close() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

function understand(line: string): Logged {
  const [status, sent, range, ifRange, path] = line.split("\t") as [string, string, string, string, string];
  const header = (text: string) => (text === "-" ? undefined : text.replaceAll("\\x22", '"'));
  return { status: Number(status), sent: Number(sent), range: header(range), ifRange: header(ifRange), path };
}

async function untilAnswers(child: ChildProcess, url: string, log: string): Promise<void> {
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  for (;;) {
    if (ended) throw new Error(`nginx ended: ${readFileSync(log, "utf8")}`);
    try {
      await (await fetch(url)).arrayBuffer();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
