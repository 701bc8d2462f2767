// Readers at any place of a file, a Blob or a URL, each in its own way and with its own defaults (geotiff.js keeps blocks of a
// URL only where their size is given, so it is given the one that it has for files), behind one face:
// `visit(position, length, look)` has `look` called with the bytes there, and `close()` ends it.
import { openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import { BlobSource, FilePathSource, UrlSource } from "mediabunny";
import { Arena } from "../../build/index.js";
import { fileSource } from "../../build/node.js";
import { openPages } from "../../build/pages.js";
import { blobSource, urlSource } from "../../build/web.js";

// geotiff.js keeps its sources to itself: what its `fromFile` and `fromUrl` read through is taken from its files.
const geotiff = new URL("../../node_modules/geotiff/dist-module/source/", import.meta.url);
const { BlockedSource } = await import(new URL("blockedsource.js", geotiff).href);
const { makeFileSource } = await import(new URL("file.js", geotiff).href);
const { makeRemoteSource } = await import(new URL("remote.js", geotiff).href);

// A program has one arena; making it is no part of opening a file.
const arena = await Arena.create({ bytes: 32 * 2 ** 20 });

async function ours(source, options) {
  const pages = openPages(arena, source, { element: "u8", ...options });
  return {
    pages,
    async visit(position, length, look) {
      const { window, fault } = await pages.ready(position, length);
      if (fault) throw fault;
      look(window.data);
      window.release();
    },
    visitSync(position, length, look) {
      const { window, fault } = pages.readySync(position, length);
      if (fault) throw fault;
      look(window.data);
      window.release();
    },
    close: () => pages.close(),
  };
}

async function mediabunny(source) {
  const ref = source.ref();
  await source.getSize();
  return {
    async visit(position, length, look) {
      let found = source._read(position, position + length, 0, Number.POSITIVE_INFINITY);
      if (typeof found.then === "function") found = await found;
      const from = position - found.offset;
      look(found.bytes.subarray(from, from + length));
    },
    close: async () => ref.free(),
  };
}

function blocked(source) {
  return {
    async visit(position, length, look) {
      const [data] = await source.fetch([{ offset: position, length }]);
      look(new Uint8Array(data));
    },
    close: async () => source.source?.close?.(),
  };
}

/** Over a file, by name. */
export const overFile = {
  forebay: (path) => ours(fileSource(path)),
  "forebay, always waiting": (path) => ours(fileSource(path), { mode: "async" }),
  "forebay, synchronous": (path) => ours(fileSource(path), { mode: "sync" }),
  async "filehandle.read"(path) {
    const handle = await open(path);
    const into = new Uint8Array(4096);
    return {
      async visit(position, length, look) {
        await handle.read(into, 0, length, position);
        look(into);
      },
      close: () => handle.close(),
    };
  },
  "geotiff.js": async (path) => blocked(new BlockedSource(makeFileSource(path))),
  mediabunny: (path) => mediabunny(new FilePathSource(path)),
};

/** Over a Blob. geotiff.js reads Blobs by `FileReader`, which Node has not. */
export const overBlob = {
  forebay: async (path) => ours(blobSource(await openAsBlob(path))),
  mediabunny: async (path) => mediabunny(new BlobSource(await openAsBlob(path))),
};

/** Over a URL. */
export const overUrl = {
  forebay: async (url) => ours(await urlSource(url)),
  "geotiff.js": async (url) => blocked(makeRemoteSource(url, { blockSize: 65_536 })),
  mediabunny: (url) => mediabunny(new UrlSource(url)),
};
