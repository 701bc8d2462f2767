/** Serves a page on this machine, with `--port 8080` and `--no-isolation`: without COOP and COEP, and so without shared memory. */
import { createServer } from "node:http";
import { parseArgs } from "node:util";

/** `answer`: what `answersFrom` made. */
export function serve(answer) {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "8000" }, "no-isolation": { type: "boolean", default: false } },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    void answer(pathname, response, !values["no-isolation"]);
  });
  server.listen(Number(values.port), "127.0.0.1", () => {
    console.log(`http://localhost:${server.address().port}/`);
  });
}
