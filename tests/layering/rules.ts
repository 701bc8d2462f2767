/**
 * Who may import whom (DESIGN.md, "Layout"), as a function over edges.
 *
 * Every file stands in one place: the first of `PLACES` whose pattern matches its path. A place has a rank, and a file may
 * import what stands lower or beside it; the few rules that are no matter of rank are spelled out in `judge`.
 */

/** Where a file stands. */
export interface Place {
  readonly pattern: RegExp;
  readonly place: string;
  readonly rank: number;
}

/** An import of one file by another, paths from the project's root. `types`: the import is gone once types are erased. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly types?: boolean;
}

/** The rank of what anything may import. */
const BOTTOM = 0;

export const PLACES: readonly Place[] = [
  { pattern: /^assembly\/kernel\//, place: "assembly kernel", rank: BOTTOM },
  { pattern: /^assembly\/(fault|element)\.ts$/, place: "assembly fault", rank: 1 },
  { pattern: /^assembly\/memory\//, place: "assembly memory", rank: 2 },
  { pattern: /^assembly\/buf\/layout\.ts$/, place: "assembly layout", rank: 3 },
  { pattern: /^assembly\/buf\/cursor\.ts$/, place: "assembly cursor", rank: 4 },
  { pattern: /^assembly\/buf\//, place: "assembly buf", rank: 5 },
  { pattern: /^assembly\/operator\//, place: "assembly operator", rank: 6 },
  { pattern: /^assembly\/exports\//, place: "assembly exports", rank: 7 },
  { pattern: /^assembly\/wasi\//, place: "assembly command", rank: 7.5 },
  { pattern: /^assembly\/(core|index|scan|shared|signal|wasi)\.ts$/, place: "assembly entry", rank: 8 },

  {
    pattern: /^src\/(element|fault|abort|arrivals|chunk|chunk-reads|dispose|happened|landing)\.ts$/,
    place: "word",
    rank: BOTTOM,
  },
  { pattern: /^src\/source\/source\.ts$/, place: "source contract", rank: 1 },
  { pattern: /^src\/sink\/sink\.ts$/, place: "sink contract", rank: 1 },
  { pattern: /^src\/source\//, place: "source adapter", rank: 7 },
  { pattern: /^src\/sink\//, place: "sink adapter", rank: 7 },
  { pattern: /^src\/(wasi|deno|web)\//, place: "platform", rank: 1 },
  { pattern: /^src\/format\//, place: "format", rank: 2 },
  { pattern: /^src\/wasm\//, place: "wasm", rank: 2 },
  { pattern: /^src\/pump\.ts$/, place: "pump", rank: 4 },
  { pattern: /^src\/flow\.ts$/, place: "flow", rank: 5 },
  // The arena opens flows, so it stands above them; kernels' and operators' faces take memory from it.
  { pattern: /^src\/arena\.ts$/, place: "arena", rank: 6 },
  // What is posted between threads: plain objects.
  { pattern: /^src\/thread\/(shared|message)\.ts$/, place: "thread word", rank: 1 },
  // What runs in an AudioWorklet, which has neither timers nor text decoders; and what stands on the page beside it.
  { pattern: /^src\/worklet\//, place: "worklet", rank: 6 },
  { pattern: /^src\/audio\//, place: "audio", rank: 8 },
  // Sides of Bufs on several threads; an arena of its own stands among them.
  { pattern: /^src\/thread\//, place: "thread", rank: 7 },
  { pattern: /^src\/kernel\//, place: "kernel face", rank: 7 },
  { pattern: /^src\/pages\//, place: "pages", rank: 7 },
  { pattern: /^src\/(operator|signal)\//, place: "operator", rank: 7 },
  // What is done with flows and is an entry by itself, so that programs which do not import it do not carry it.
  { pattern: /^src\/(poll|records|explain|outflow|resident)\.ts$/, place: "tool", rank: 7 },
  {
    pattern: /^src\/(index|kernels|pages|adapters|threads|signal|formats|sensors|mqtt)\.ts$/,
    place: "portable entry",
    rank: 8,
  },
  {
    pattern: /^src\/(node|web|audio|worklet|wasi|deno|bun|edge|serialport)(-worker)?\.ts$/,
    place: "platform entry",
    rank: 9,
  },
  { pattern: /^src\/cli\//, place: "command", rank: 10 },
  // Ways across to the platform's streams: a flow and a Buf call them, and they know both by their types alone.
  { pattern: /^src\/stream\//, place: "stream", rank: 3 },
  // The middle is whatever else lies in src: a file that does not belong there soon imports what the middle may not.
  { pattern: /^src\/[^/]+\.ts$/, place: "middle", rank: 3 },
];

/** Where a file stands, or nothing for a file that no rule reaches. */
export function placeOf(path: string): Place | undefined {
  return PLACES.find(({ pattern }) => pattern.test(path));
}

/** The platform that an adapter is of: `src/source/node-file.ts` is Node's. One without such a beginning is portable. */
function platformOf(path: string): string | undefined {
  return /^src\/(?:source|sink)\/(node|web|worklet|wasi|deno|bun|edge)-/.exec(path)?.[1];
}

/** The platform that a file of what its adapters share is of: `src/wasi/host.ts` is WASI's. */
function sharedBy(path: string): string | undefined {
  return /^src\/(wasi|deno|web)\//.exec(path)?.[1];
}

/** What each adapter and each contract may import, since rank alone would let them reach too much. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  "source contract": ["word"],
  "sink contract": ["word"],
  "source adapter": ["word", "source contract"],
  "sink adapter": ["word", "sink contract"],
  format: ["word", "source contract", "sink contract", "format"],
  platform: ["word", "platform"],
  worklet: ["word", "wasm", "thread word", "worklet"],
};

/** Whether this is an entry for one package that is installed beside this one, and the adapter of that package. */
const ofPeer = (from: string, to: string): boolean =>
  from === "src/serialport.ts" && to === "src/source/node-serialport.ts";

/** Why this import is against the rules, or nothing when it is not. */
export function judge({ from, to }: Edge): string | undefined {
  const importer = placeOf(from);
  const imported = placeOf(to);
  if (importer === undefined) return `no rule reaches ${from}`;
  if (imported === undefined) return `no rule reaches ${to}`;
  if (from.startsWith("assembly/") !== to.startsWith("assembly/")) return "the two halves import nothing of each other";

  const only = ONLY[importer.place];
  if (only !== undefined) {
    if (only.includes(imported.place)) return undefined;
    // One adapter may build on another of its kind and platform.
    if (imported.place === importer.place && platformOf(from) === platformOf(to)) return undefined;
    // What a platform's sources and sinks share.
    if (imported.place === "platform" && platformOf(from) === sharedBy(to)) return undefined;
    return `a ${importer.place} imports only: ${only.join(", ")}; this is ${imported.place}`;
  }
  if (imported.place.endsWith("adapter")) {
    const platform = platformOf(to);
    if (importer.place === "command") return undefined;
    if (
      importer.place === "platform entry" &&
      (platform === undefined ||
        from === `src/${platform}.ts` ||
        from === `src/${platform}-worker.ts` ||
        ofPeer(from, to))
    )
      return undefined;
    if ((importer.place === "portable entry" || importer.place === "tool") && platform === undefined) return undefined;
    return `only ${platform === undefined ? "entries" : `src/${platform}.ts`} and the command import this adapter`;
  }
  if (imported.place === "platform") {
    return from === `src/${sharedBy(to)}.ts` || from === `src/${sharedBy(to)}-worker.ts`
      ? undefined
      : `only the adapters and the entry of ${sharedBy(to)} import this`;
  }
  if (imported.place === "assembly command" && importer.place !== imported.place) {
    return from === "assembly/wasi.ts" ? undefined : "only the WASI command's entry imports this";
  }
  if (imported.place === "assembly entry") {
    return from === "assembly/shared.ts" && to === "assembly/core.ts" ? undefined : "nothing imports an entry";
  }
  if (imported.place === "tool" && importer.place !== "command") return "what is an entry by itself is in no other one";
  if (imported.place === "platform entry" && importer.place !== "command")
    return "only the command imports a platform's entry";
  if (imported.rank > importer.rank) return `${importer.place} stands below ${imported.place}`;
  return undefined;
}

/** Files that may import modules of Node's own. */
const OF_NODE = /^src\/(?:node(?:-worker)?\.ts|wasi\.ts|(?:source|sink)\/(?:node|wasi)-[^/]*\.ts|cli\/.*)$/;

/** Packages, and the only files that may import them. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  "@assemblyscript/loader": /^src\/wasm\//,
  "cli-progress": /^src\/cli\//,
  mqtt: /^src\/source\/mqtt\.ts$/,
  serialport: /^src\/source\/node-serialport\.ts$/,
  commander: /^src\/cli\//,
  pngjs: /^src\/cli\//,
  // The page that the command writes; it runs in browsers.
  uplot: /^src\/cli\/page\//,
};

/** Why this import of a package or of a module of Node's is against the rules, or nothing when it is not. */
export function judgePackage(from: string, specifier: string): string | undefined {
  if (from.startsWith("assembly/")) return "the core imports nothing from outside";
  if (specifier.startsWith("node:")) {
    return OF_NODE.test(from) ? undefined : "node: modules belong in Node's and WASI's files";
  }
  const allowed = PACKAGES[specifier];
  if (allowed === undefined) return `${specifier} is not a package that the library uses`;
  return allowed.test(from) ? undefined : `${specifier} belongs in ${allowed.source}`;
}

/** The cycles that importing runs into, as lists of files; none only if there is none. Imports of types alone run nothing. */
export function cycles(edges: readonly Edge[]): string[][] {
  const imports = new Map<string, string[]>();
  for (const { from, to, types } of edges) {
    if (types !== true) imports.set(from, [...(imports.get(from) ?? []), to]);
  }
  const found: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push(path.slice(at));
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of imports.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}
