/** The origin's own files, as the tests see them: by the platform alone, without the library. */

/** What this host has: files that can be read at once, files that must be waited for, or none. */
export type OriginFiles = "sync" | "waited for" | "none";

/** Asks the host itself, so that a library that refuses too much is found out. */
export async function originFiles(): Promise<OriginFiles> {
  const { storage } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  if (typeof storage?.getDirectory !== "function") return "none";
  if ((await storage.getDirectory().catch(() => undefined)) === undefined) return "none";
  return "FileSystemSyncAccessHandle" in globalThis ? "sync" : "waited for";
}

let files = 0;

/** A name that no file has yet, in a browser that may have run other tests. */
export function freshName(): string {
  return `forebay-${Date.now()}-${files++}`;
}

/** A file's handle, made where there is none. */
export async function handleOf(name: string): Promise<FileSystemFileHandle> {
  return (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
}

/** What a file has. */
export async function contentOf(name: string): Promise<Uint8Array> {
  return new Uint8Array(await (await (await handleOf(name)).getFile()).arrayBuffer());
}

export async function remove(name: string): Promise<void> {
  await (await navigator.storage.getDirectory()).removeEntry(name);
}
