/** Workers of the web and of Node, as one. */
/** What is needed of a worker, or of a port. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate?(): unknown;
  ref?(): void;
  unref?(): void;
}

interface WebWorker extends WorkerLike {
  addEventListener(type: string, listener: (event: { data?: unknown; message?: string }) => void): void;
}

interface NodeWorker extends WorkerLike {
  on(type: string, listener: (value: never) => void): void;
}

interface WorkerThreads {
  readonly parentPort: NodeWorker | null;
  readonly Worker: new (url: URL, options: object) => NodeWorker;
}

/** Node's `worker_threads`, where the host has it, without an import that a bundler would follow. */
export function workerThreads(): WorkerThreads | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.("worker_threads") as WorkerThreads | undefined;
}

/** Hears a worker of either kind. `onEnd`: it failed, or ended by itself; `why` in words. */
export function hear(worker: WorkerLike, onMessage: (data: unknown) => void, onEnd: (why: string) => void): void {
  if ("on" in worker) {
    const node = worker as NodeWorker;
    node.on("message", onMessage as (value: never) => void);
    node.on("error", ((error: Error) => onEnd(error?.message ?? String(error))) as (value: never) => void);
    node.on("exit", ((code: number) => onEnd(`it ended with code ${code}`)) as (value: never) => void);
    return;
  }
  const web = worker as WebWorker;
  web.addEventListener("message", (event) => onMessage(event.data));
  web.addEventListener("error", (event) => onEnd(event.message || "it could not be started"));
  web.addEventListener("messageerror", () => onEnd("a message could not be read"));
}

/** What a worker hears its starter by. */
export function starter(): { post(message: unknown): void; listen(onMessage: (data: unknown) => void): void } {
  const port = workerThreads()?.parentPort;
  if (port) {
    return {
      post: (message) => port.postMessage(message),
      listen: (onMessage) => port.on("message", onMessage as (value: never) => void),
    };
  }
  const scope = globalThis as unknown as WebWorker;
  return {
    post: (message) => scope.postMessage(message),
    listen: (onMessage) => scope.addEventListener("message", (event) => onMessage(event.data)),
  };
}
