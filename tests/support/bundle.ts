/** The library as a bundler would pack it, from its sources. */
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** How a program is packed. */
export interface BundleOptions {
  readonly format?: "esm" | "iife";
  readonly minify?: boolean;
}

/** One script of a program that imports the library: `program` is its text, in which `#index.ts` names a file of src. */
export async function bundled(program: string, options: BundleOptions = {}): Promise<string> {
  const bundle = await rolldown({
    input: "program",
    platform: "browser",
    logLevel: "silent",
    plugins: [
      {
        name: "program",
        resolveId(id) {
          if (id.startsWith("#")) return fileURLToPath(new URL(`../../src/${id.slice(1)}`, import.meta.url));
          return id === "program" ? id : null;
        },
        load: (id) => (id === "program" ? program : null),
      },
    ],
  });
  try {
    const { output } = await bundle.generate({ format: "esm", minify: false, name: "bundle", ...options });
    const chunks = output.filter((file) => file.type === "chunk");
    if (chunks.length !== 1 || chunks[0] === undefined) throw new Error(`The bundle has ${chunks.length} chunks.`);
    return chunks[0].code;
  } finally {
    await bundle.close();
  }
}
