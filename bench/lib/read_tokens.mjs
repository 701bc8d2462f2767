// One way of reading a file of records, in a process of its own, so that no other way has taught the compiler what to expect.
// Arguments: the way, what is done with each record, the file, how many times it is read. Prints the count and checksum of the
// last time, and the milliseconds of all but the first.
import { createReadStream } from "node:fs";
import { BufferList } from "bl";
import { fromFile, fromStream } from "strtok3";
import { Arena } from "../../build/index.js";
import { records, recordsSync } from "../../build/records.js";
import { fileSource } from "../../build/node.js";

/** What is done with each record, the same in all ways: `at` is where its body begins in `data`. */
class Fields {
  records = 0;
  check = 0;
  take(data, at, length) {
    const number = (data[at] | (data[at + 1] << 8) | (data[at + 2] << 16) | (data[at + 3] << 24)) >>> 0;
    this.check = (Math.imul(this.check, 31) + length + number + data[at + length - 1]) | 0;
    this.records++;
  }
}

class Sum {
  records = 0;
  check = 0;
  take(data, at, length) {
    let sum = this.check;
    for (let i = at; i < at + length; i++) sum = (sum + data[i]) | 0;
    this.check = sum;
    this.records++;
  }
}

/** Ours, by hand: parse what the window shows, advance over it, ask for what the record at its end needs. */
function windowSync(path, work) {
  const flow = arena.open(fileSource(path), { element: "u8", mode: "sync" });
  let need = 2;
  for (;;) {
    const answer = flow.readySync(need);
    if (answer.state !== "ready") break;
    const { data } = answer.window;
    let at = 0;
    need = 2;
    while (at + 2 <= data.length) {
      const length = data[at] | (data[at + 1] << 8);
      if (at + 2 + length > data.length) {
        need = 2 + length;
        break;
      }
      work.take(data, at + 2, length);
      at += 2 + length;
    }
    flow.advance(at);
  }
  flow.closeSync();
}

async function windowAsync(path, work) {
  const flow = arena.open(fileSource(path), { element: "u8", mode: "async" });
  let need = 2;
  for (;;) {
    const answer = await flow.ready(need);
    if (answer.state !== "ready") break;
    const { data } = answer.window;
    let at = 0;
    need = 2;
    while (at + 2 <= data.length) {
      const length = data[at] | (data[at + 1] << 8);
      if (at + 2 + length > data.length) {
        need = 2 + length;
        break;
      }
      work.take(data, at + 2, length);
      at += 2 + length;
    }
    flow.advance(at);
  }
  await flow.close();
}

/** A question and an advance for every record, as a parser that nothing else is known of would do. */
function eachSync(path, work) {
  const flow = arena.open(fileSource(path), { element: "u8", mode: "sync" });
  for (;;) {
    let answer = flow.window(2);
    if (answer.state === "not-ready") answer = flow.readySync(2);
    if (answer.state !== "ready") break;
    let { data } = answer.window;
    const length = data[0] | (data[1] << 8);
    if (data.length < 2 + length) {
      answer = flow.readySync(2 + length);
      if (answer.state !== "ready") break;
      data = answer.window.data;
    }
    work.take(data, 2, length);
    flow.advance(2 + length);
  }
  flow.closeSync();
}

const framing = { header: 2, length: (data, at) => 2 + (data[at] | (data[at + 1] << 8)) };

/** Ours, with the library's loop. */
function oursSync(path, work) {
  const flow = arena.open(fileSource(path), { element: "u8", mode: "sync" });
  recordsSync(flow, framing, (data, begin, end) => work.take(data, begin + 2, end - begin - 2));
  flow.closeSync();
}

async function oursAsync(path, work) {
  const flow = arena.open(fileSource(path), { element: "u8", mode: "async" });
  await records(flow, framing, (data, begin, end) => work.take(data, begin + 2, end - begin - 2));
  await flow.close();
}

async function carry(path, work, options) {
  let carried;
  for await (const chunk of createReadStream(path, options)) {
    const data = carried ? Buffer.concat([carried, chunk]) : chunk;
    let at = 0;
    while (at + 2 <= data.length) {
      const length = data.readUInt16LE(at);
      if (at + 2 + length > data.length) break;
      work.take(data, at + 2, length);
      at += 2 + length;
    }
    carried = at < data.length ? data.subarray(at) : undefined;
  }
}

async function bufferList(path, work) {
  const list = new BufferList();
  for await (const chunk of createReadStream(path)) {
    list.append(chunk);
    while (list.length >= 2) {
      const length = list.readUInt16LE(0);
      if (list.length < 2 + length) break;
      work.take(list.slice(2, 2 + length), 0, length);
      list.consume(2 + length);
    }
  }
}

const u16 = { len: 2, get: (data, at) => data[at] | (data[at + 1] << 8) };

async function tokenizer(opening, work) {
  const tokens = await opening;
  const body = new Uint8Array(200);
  try {
    for (;;) {
      const length = await tokens.readToken(u16);
      await tokens.readBuffer(body, { length });
      work.take(body, 0, length);
    }
  } catch (error) {
    if (error?.constructor?.name !== "EndOfStreamError") throw error;
  } finally {
    await tokens.close();
  }
}

const ways = {
  "records, sync": oursSync,
  "records, async": oursAsync,
  "window by hand, sync": windowSync,
  "window by hand, async": windowAsync,
  "a window a record, sync": eachSync,
  "stream, carried": carry,
  "stream of 1 MiB, carried": (path, work) => carry(path, work, { highWaterMark: 2 ** 20 }),
  bl: bufferList,
  "strtok3, stream": (path, work) => tokenizer(fromStream(createReadStream(path)), work),
  "strtok3, file": (path, work) => tokenizer(fromFile(path), work),
};

const [way, doing, path, times] = process.argv.slice(2);
const arena = await Arena.create();
const taken = [];
let work;
for (let time = 0; time <= Number(times); time++) {
  work = doing === "fields" ? new Fields() : new Sum();
  const started = performance.now();
  const reading = ways[way](path, work);
  if (reading) await reading;
  taken.push(performance.now() - started);
}
console.log(JSON.stringify({ records: work.records, check: work.check, taken: taken.slice(1) }));
