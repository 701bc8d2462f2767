// Looks at all windows of a file and prints what they add up to and the most memory that this process has had.
import { Arena } from "../../build/index.js";
import { fileSource } from "../../build/node.js";

const [path, size, mode] = process.argv.slice(2);
const arena = await Arena.create();
const flow = arena.open(fileSource(path), { element: "f32", maxWindow: Number(size), mode });
let sum = 0;
for await (const { data } of flow.windows({ size: Number(size) })) sum += data[0] + data[data.length - 1];
await flow.close();
console.log(
  JSON.stringify({ sum, maxRss: process.resourceUsage().maxRSS * 1024, arena: arena.memory.buffer.byteLength }),
);
