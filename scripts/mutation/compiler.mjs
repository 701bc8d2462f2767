// Compiles the core with one file's text replaced, in a thread of its own: the compiler is synchronous, takes about a second
// and may run into an endless loop over a mutant.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const COMPILE_LIMIT = 60_000;

if (!isMainThread && workerData?.compiler === true) {
  const asc = await import("assemblyscript/asc");
  parentPort.on("message", async ({ target, file, text, sources }) => {
    let wasm;
    const messages = [];
    const stream = { write: (chunk) => messages.push(String(chunk)) };
    try {
      const { error } = await asc.main(
        ["--config", "asconfig.json", "--target", target, "--outFile", "core.wasm", "--noColors"],
        {
          stdout: stream,
          stderr: stream,
          // The texts as they were when the run began: an edit in the meantime must not look like a mutant.
          readFile(name, base) {
            const path = resolve(base, name);
            if (path === file) return text;
            const known = sources.get(path);
            if (known !== undefined) return known;
            return existsSync(path) ? readFileSync(path, "utf8") : null;
          },
          writeFile(name, contents) {
            if (name.endsWith("core.wasm")) wasm = contents;
          },
          listFiles(name, base) {
            const path = resolve(base, name);
            return existsSync(path) ? readdirSync(path).filter((entry) => entry.endsWith(".ts")) : null;
          },
        },
      );
      if (error) messages.push(error.message);
      parentPort.postMessage(error ? { error: messages.join("").trim() } : { wasm });
    } catch (error) {
      parentPort.postMessage({ error: `the compiler failed: ${error.message}`, spoilt: true });
    }
  });
}

/** The texts of all AssemblyScript files now, by their full path. */
export function snapshot() {
  const sources = new Map();
  for (const entry of readdirSync("assembly", { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    const path = resolve(entry.parentPath, entry.name);
    sources.set(path, readFileSync(path, "utf8"));
  }
  return sources;
}

/** A compiler of one target of asconfig.json; calls wait for each other. */
export class Compiler {
  #worker;
  #last = Promise.resolve();
  #target;
  #sources;

  constructor(target, sources) {
    this.#target = target;
    this.#sources = sources;
  }

  /** `{ wasm }`, or `{ error }` with what the compiler said. Without a file: the sources as they are. */
  compile(file, text) {
    const answer = this.#last.then(() => this.#compile(file, text));
    this.#last = answer.catch(() => {});
    return answer;
  }

  #compile(file, text) {
    this.#worker ??= new Worker(fileURLToPath(import.meta.url), { workerData: { compiler: true } });
    const worker = this.#worker;
    return new Promise((settle) => {
      const finish = (answer) => {
        clearTimeout(timer);
        worker.off("message", finish).off("error", failed).off("exit", ended);
        // After a failure inside the compiler its state is not to be trusted: the next call starts another.
        if (answer.spoilt) {
          this.#worker = undefined;
          worker.terminate();
        }
        settle(answer);
      };
      const failed = (error) => finish({ error: `the compiler failed: ${error.message}`, spoilt: true });
      const ended = (status) => finish({ error: `the compiler ended with ${status}`, spoilt: true });
      const late = () => finish({ error: `not compiled after ${COMPILE_LIMIT / 1000} s`, spoilt: true });
      const timer = setTimeout(late, COMPILE_LIMIT);
      worker.on("message", finish).on("error", failed).on("exit", ended);
      worker.postMessage({ target: this.#target, file, text, sources: this.#sources });
    });
  }

  async close() {
    await this.#worker?.terminate();
  }
}
