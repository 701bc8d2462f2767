/** Files of the origin private file system, opened for the adapters that read and write them synchronously. */
import { Fault, Unsupported } from "../fault.js";

/** What is used of a synchronous access handle: `FileSystemSyncAccessHandle` has it. */
export interface SyncFile {
  read(into: Uint8Array, options?: { at?: number }): number;
  write(from: Uint8Array, options?: { at?: number }): number;
  getSize(): number;
  truncate(bytes: number): void;
  flush(): void;
  close(): void;
}

/** How a file is opened. */
export interface OpfsFileOptions {
  /** Whether to make the file, and the folders above it, where there is none. Default false. */
  readonly create?: boolean;
}

/**
 * Opens a file of the origin private file system by its path, as in `"recordings/a.f32"`, and locks it until it is closed.
 *
 * Throws `Unsupported` outside of dedicated workers and where there is no such file system; rejects as the platform does for a
 * file that is not there or is locked.
 */
export async function opfsFile(path: string, { create = false }: OpfsFileOptions = {}): Promise<SyncFile> {
  const names = path.split("/").filter((name) => name !== "");
  const last = names.pop();
  if (last === undefined) throw new Fault("bad-argument", `There is no file "${path}": name one.`);
  let folder = await root();
  if (!("FileSystemSyncAccessHandle" in globalThis)) {
    throw new Unsupported(
      `${path} cannot be opened here: browsers open the origin's files for synchronous reading in dedicated workers only.`,
    );
  }
  for (const name of names) folder = await folder.getDirectoryHandle(name, { create });
  const file = (await folder.getFileHandle(last, { create })) as FileSystemFileHandle & {
    createSyncAccessHandle(): Promise<SyncFile>;
  };
  return file.createSyncAccessHandle();
}

/** The folder that everything of the origin lies in. */
async function root(): Promise<FileSystemDirectoryHandle> {
  const { storage } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  if (typeof storage?.getDirectory !== "function") {
    throw new Unsupported("This host has no origin private file system: there is no navigator.storage.getDirectory.");
  }
  try {
    return await storage.getDirectory();
  } catch (error) {
    throw new Unsupported("This page may not use the origin private file system.", {}, error);
  }
}
