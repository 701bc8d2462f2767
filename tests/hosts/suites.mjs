// Which test files run where: the suites of the table, and the kinds of hosts that each of their files is for.

/** Hosts that run programs and have Node's modules; a component made with jco is run by Node, too. */
const programs = ["node", "deno", "bun"];
const browsers = ["page", "worker"];
/** Those whose AudioContext runs. */
const sounding = ["chromium", "firefox"];
const everywhere = [...programs, ...browsers];

/**
 * The suites, each with the hosts it is for where that is not all, and whether its page is isolated. A file or a folder's test files, each with the kinds of hosts that it is for: a file for `node` alone needs
 * what only Node has, such as its way to start programs.
 */
export const suites = [
  {
    name: "core",
    files: [
      ["tests/buf/", everywhere],
      ["tests/memory/", everywhere],
      ["tests/kernel/", everywhere],
      ["tests/wasm/", everywhere],
      ["tests/wasm/refused.test.ts", []],
    ],
  },
  {
    name: "flow",
    files: [
      ["tests/flow/", everywhere],
      ["tests/flow/outflow-file.test.ts", programs],
      ["tests/flow/vectored.test.ts", programs],
      ["tests/hostile/", everywhere],
      ["tests/hostile/nth_call.test.ts", programs],
      ["tests/hostile/real_file.test.ts", programs],
      ["tests/plan/", everywhere],
      ["tests/records/", everywhere],
      ["tests/secure/", programs],
    ],
  },
  {
    name: "source",
    files: [
      ["tests/source/", everywhere],
      ["tests/source/source.test.ts", programs],
      ["tests/source/polled-pipe.test.ts", programs],
      ["tests/source/changes.test.ts", programs],
      ["tests/source/device.test.ts", programs],
      // Loads an example by its place, as Vitest does; the examples have a suite of their own here.
      ["tests/source/own.test.ts", []],
      ["tests/source/child.test.ts", programs],
      ["tests/source/sockets.test.ts", programs],
      ["tests/source/blob-file.test.ts", programs],
      ["tests/source/web-socket.test.ts", programs],
      ["tests/source/web-url.test.ts", programs],
      ["tests/source/web-url-abort.test.ts", ["node"]],
      // Vitest's clock is needed.
      ["tests/source/web-url-failures.test.ts", []],
      ["tests/deno/", programs],
      ["tests/deno/elsewhere.test.ts", everywhere],
      ["tests/web/", everywhere],
      ["tests/source/wasi.test.ts", ["node"]],
    ],
  },
  {
    name: "sink",
    files: [
      ["tests/sink/", everywhere],
      ["tests/sink/sink.test.ts", programs],
      ["tests/sink/streams.test.ts", programs],
      ["tests/sink/wasi.test.ts", ["node"]],
    ],
  },
  {
    name: "signal",
    files: [
      ["tests/signal/", everywhere],
      // Starts Node with a program over the built package.
      ["tests/signal/lean.test.ts", []],
    ],
  },
  {
    // Apart: a process has room for so many memories only, and each test file of either has some.
    name: "format",
    files: [
      ["tests/format/", everywhere],
      ["tests/format/large.test.ts", programs],
    ],
  },
  {
    name: "wasi",
    files: [
      ["tests/wasi/", ["node"]],
      ["tests/wasi/shim.test.ts", everywhere],
      ["tests/wasi/programs.test.ts", programs],
      ["tests/wasi/component.test.ts", ["component"]],
    ],
  },
  {
    name: "threads",
    files: [
      ["tests/thread/", programs],
      ["tests/thread/web-worker-source.test.ts", browsers],
      ["tests/thread/ported.test.ts", everywhere],
      ["tests/thread/ported-worker.test.ts", ["node"]],
    ],
  },
  { name: "streams", files: [["tests/stream/", everywhere]] },
  { name: "poll", files: [["tests/poll/", everywhere]] },
  {
    name: "pages",
    files: [
      ["tests/pages/", everywhere],
      ["tests/pages/file.test.ts", programs],
    ],
  },
  // In the page alone: there an AudioContext is. WebKitGTK's never runs without GStreamer's plugins and a device.
  { name: "audio", hosts: sounding, files: [["tests/audio/audio.test.ts", ["page"]]] },
  // The page, driven in a frame. WebKitGTK's small browser draws a few frames a second without a graphics card.
  { name: "scope", hosts: sounding, files: [["tests/scope/scope.test.ts", ["page"]]] },
  // Pages without COOP and COEP, where there is no shared memory.
  { name: "unisolated", isolated: false, files: [["tests/thread/ported.test.ts", browsers]] },
  { name: "audio-messages", hosts: sounding, isolated: false, files: [["tests/audio/ported.test.ts", ["page"]]] },
  { name: "scope-messages", hosts: sounding, isolated: false, files: [["tests/scope/messages.test.ts", ["page"]]] },
  {
    name: "example",
    files: [
      ["tests/example/", everywhere],
      ["tests/example/file.test.ts", programs],
    ],
  },
];

/** Test files that are about the project and its command, not about what a host does. */
export const elsewhere = [
  "tests/assemblyscript/",
  "tests/cli/",
  "tests/examples.test.ts",
  "tests/layering.test.ts",
  "tests/oracles/",
  "tests/servers/",
  "tests/size.test.ts",
  "tests/task.test.ts",
  "tests/wasm/refused.test.ts",
  "tests/worklet/",
];

/** The test files of a suite for one kind of host, out of all that there are. The rule with the longest path decides. */
export function filesOf(suite, kind, all) {
  return all.filter((path) => {
    const rules = suite.files.filter(([rule]) => covers(rule, path));
    const [, kinds] = rules.sort(([a], [b]) => b.length - a.length)[0] ?? [undefined, []];
    return kinds.includes(kind);
  });
}

/** Those that no suite has, and that are not elsewhere: a file of tests that nobody has placed. */
export function unplaced(all) {
  const rules = [...suites.flatMap(({ files }) => files.map(([rule]) => rule)), ...elsewhere];
  return all.filter((path) => !rules.some((rule) => covers(rule, path)));
}

const covers = (rule, path) => (rule.endsWith("/") ? path.startsWith(rule) : path === rule);
