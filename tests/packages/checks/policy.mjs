// Pages under a strict Content-Security-Policy, in Chromium.
import { deepEqual, equal, match } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { bundle, address as importAddress } from "../bundlers/esbuild.mjs";
import { expected } from "../lib/expected.mjs";
import { newApp } from "../lib/pack.mjs";
import { writePages } from "../lib/pages.mjs";
import { serve } from "../lib/serve.mjs";
import { readFileSync, writeFileSync } from "node:fs";

export const name = "policy";
export const question = "Does it run under a strict Content-Security-Policy, and say what to do under one too strict?";

const policies = {
  strict: "default-src 'self'; img-src data:; script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'",
  "too-strict": "default-src 'self'; img-src data:; script-src 'self'; require-trusted-types-for 'script'",
};

const programs = ["portable", "web", "url"];

export async function run({ folder, tarball, test, chromium }) {
  const app = newApp(join(folder, "policy"), tarball.path);
  writeFileSync(join(app, "url.js"), `${importAddress}\n${readFileSync(join(app, "url.js"), "utf8")}`);
  writePages(app, programs);
  const out = join(app, "out");
  mkdirSync(out);
  await bundle(app, out, programs);
  const server = await serve(out, (_, query) => {
    const policy = policies[query.get("policy")];
    return policy === undefined ? {} : { "content-security-policy": policy };
  });
  try {
    const visit = async (program, policy) =>
      (await chromium()).visit(`${server.address}/${program}.html?policy=${policy}`);
    for (const program of programs) {
      await test(`${program} runs under ${policies.strict}`, async () => {
        const { answer, complaints } = await visit(program, "strict");
        deepEqual(answer, expected);
        deepEqual(complaints, []);
      });
      await test(`${program} is Unsupported without 'wasm-unsafe-eval', and says what to do`, async () => {
        const { answer } = await visit(program, "too-strict");
        equal(answer.name, "Unsupported");
        equal(answer.code, "unsupported");
        match(answer.error, /'wasm-unsafe-eval'.*Content-Security-Policy.*Arena\.create\(\{ module \}\)/);
        match(answer.cause, /CompileError/);
      });
    }
  } finally {
    server.close();
  }
}
