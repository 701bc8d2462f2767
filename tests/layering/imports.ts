/** Reads the imports of source files with TypeScript's own scanner. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Edge } from "./rules.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The TypeScript or AssemblyScript files below a folder, as paths from the project's root. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => posix.join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

/** What a file's text imports, and of that what is still imported once types are erased. */
export function specifiersOf(text: string): { all: string[]; atRunTime: Set<string> } {
  const names = (source: string) => ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  return { all: names(text), atRunTime: new Set(names(outputText)) };
}

/** The file that a relative specifier means, or nothing where there is none. */
export function resolve(from: string, specifier: string): string | undefined {
  const path = posix.join(dirname(from), specifier);
  const candidates = from.startsWith("assembly/")
    ? [path, `${path}.ts`, `${path}/index.ts`].filter((candidate) => candidate.endsWith(".ts"))
    : [path.replace(/\.js$/, ".ts")];
  return candidates.find((candidate) => existsSync(join(root, candidate)));
}

/** Folders that were read: the sources stay as they are while tests run, and reading them takes seconds. */
const known = new Map<string, ReturnType<typeof readImports>>();

/** All imports below a folder: of files, of packages, and those that lead nowhere. */
export function importsBelow(folder: string): ReturnType<typeof readImports> {
  const imports = known.get(folder) ?? readImports(folder);
  known.set(folder, imports);
  return imports;
}

function readImports(folder: string) {
  const edges: Edge[] = [];
  const packages: { from: string; specifier: string }[] = [];
  const nowhere: { from: string; specifier: string }[] = [];
  for (const from of filesBelow(folder)) {
    const { all, atRunTime } = specifiersOf(readFileSync(join(root, from), "utf8"));
    for (const specifier of all) {
      if (!specifier.startsWith(".")) {
        packages.push({ from, specifier });
        continue;
      }
      const to = resolve(from, specifier);
      if (to === undefined) nowhere.push({ from, specifier });
      else edges.push({ from, to, types: !atRunTime.has(specifier) });
    }
  }
  return { edges, packages, nowhere };
}
