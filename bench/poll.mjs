// One poll over many flows of which ten are ready, beside asking every flow for its window in a loop, and beside what
// promises have: a race of one promise a flow, kept from call to call, which names one winner.
//
// First the call alone: ten flows, spread over all, stay ready while it is made again and again. Then a whole turn of a
// server's loop: ten other flows each time are given a byte, one call answers them, and what came is read. The turn touches the
// memory of all flows by and by, which no longer fits the processor's caches at 10,000: that is in its figure, and not the
// call's.
import { Arena } from "../build/index.js";
import { PollSet, poll } from "../build/poll.js";
import { rounds } from "./lib/rounds.mjs";

export const name = "poll";
export const question = "What does one call cost that answers which of many flows are ready?";

const readyAtOnce = 10;
/** 768 bytes of an arena each. */
const ring = { element: "u8", capacity: 64, maxWindow: 16, holds: 0 };

/** Which ten are ready in a turn: spread over all, and others each time. */
const chosen = (count, turn) =>
  Array.from({ length: readyAtOnce }, (_, i) => (turn * 7 + Math.floor((i * count) / readyAtOnce)) % count);

/** So many rings with a reader each; a producer's own, so that only the asking is timed and no pump runs between. */
async function makeRings(count) {
  const arena = await Arena.create({ bytes: count * 768 + 2 ** 19, handles: count });
  const bufs = Array.from({ length: count }, () => arena.buf(ring));
  const readers = bufs.map((buf) => buf.reader());
  return {
    count,
    bufs,
    readers,
    places: new Map(readers.map((reader, at) => [reader, at])),
    set: new PollSet(readers),
    close() {
      for (const buf of bufs) buf.close();
      arena.close();
    },
  };
}

const piece = Uint8Array.of(1);

function feed({ bufs, count }, turn) {
  for (const at of chosen(count, turn)) bufs[at].pushAll(piece);
}

/** Throws unless these places, in any order, are those of the turn. */
function check(what, places, count, turn) {
  const [got, wanted] = [places, chosen(count, turn)].map((list) => [...list].sort((a, b) => a - b).join());
  if (got !== wanted) throw new Error(`${what} of ${count} flows answered ${got}, not ${wanted}`);
}

/** The call alone, in microseconds. */
async function timeCalls(rings, calls, turns, signal) {
  const { readers, set, places, count } = rings;
  feed(rings, 0);
  const pending = readers.map((reader) => reader.ready(1).then(() => reader));
  for (const one of pending) one.catch(() => undefined);
  const loop = () => {
    const answered = [];
    for (const reader of readers) if (reader.window(1).state === "ready") answered.push(reader);
    return answered;
  };
  const placesOf = (some) => some.map((reader) => places.get(reader));
  check("poll", placesOf((await poll(set)).map(({ flow }) => flow)), count, 0);
  check("now", placesOf(set.now().map(({ flow }) => flow)), count, 0);
  check("the loop", placesOf(loop()), count, 0);
  const winner = places.get(await Promise.race(pending));
  if (!chosen(count, 0).includes(winner)) throw new Error(`the race of ${count} flows answered ${winner}`);

  const many = { poll: calls, now: calls, loop: Math.ceil(calls / 200), race: Math.ceil(calls / 4000) };
  const contestants = {
    async poll() {
      let answered = 0;
      for (let i = 0; i < many.poll; i++) answered += (await poll(set)).length;
      return answered / many.poll;
    },
    now() {
      let answered = 0;
      for (let i = 0; i < many.now; i++) answered += set.now().length;
      return answered / many.now;
    },
    loop() {
      let answered = 0;
      for (let i = 0; i < many.loop; i++) answered += loop().length;
      return answered / many.loop;
    },
    async race() {
      for (let i = 0; i < many.race; i++) await Promise.race(pending);
      return readyAtOnce;
    },
  };
  // The race by itself, after the others: what it leaves at every promise burdens the garbage collector.
  const { race, ...others } = contestants;
  const results = {
    ...(await rounds({ contestants: others, rounds: turns, warmup: 2, signal })),
    ...(await rounds({ contestants: { race }, rounds: 5, warmup: 1, signal })),
  };
  for (const [what, { result }] of Object.entries(results)) {
    if (result !== readyAtOnce) throw new Error(`${what} of ${count} flows answered ${result} a call`);
  }
  for (const reader of readers) reader.cancel();
  for (const at of chosen(count, 0)) readers[at].skip(1);
  return Object.fromEntries(Object.keys(many).map((what) => [what, (results[what].median * 1000) / many[what]]));
}

/** A whole turn: ten others deliver, one call answers them, what came is read. */
async function timeTurns(rings, turns, repeats, signal) {
  const { readers, set, places, count } = rings;
  let turn = 1;
  const loops = Math.ceil(turns / 50);
  const contestants = {
    async poll() {
      for (let i = 0; i < turns; i++) {
        feed(rings, ++turn);
        for (const { flow } of await poll(set)) flow.skip(1);
      }
    },
    loop() {
      for (let i = 0; i < loops; i++) {
        feed(rings, ++turn);
        for (const reader of readers) if (reader.window(1).state === "ready") reader.skip(1);
      }
    },
  };
  feed(rings, turn);
  const answers = await poll(set);
  check(
    "poll",
    answers.map(({ flow }) => places.get(flow)),
    count,
    turn,
  );
  for (const { flow } of answers) flow.skip(1);
  const results = await rounds({ contestants, rounds: repeats, warmup: 2, signal });
  if (readers.some(({ available }) => available > 0)) throw new Error(`of ${count} flows some were not read`);
  return { poll: (results.poll.median * 1000) / turns, loop: (results.loop.median * 1000) / loops };
}

export async function run({ size, signal }) {
  const full = size === "full";
  const rows = [];
  let few;
  for (const count of [100, 1000, 10_000]) {
    const rings = await makeRings(count);
    const call = await timeCalls(rings, full ? 20_000 : 1000, full ? 21 : 5, signal);
    const turn = await timeTurns(rings, full ? 2000 : 500, full ? 9 : 3, signal);
    rings.close();
    few ??= { count, call, turn };
    const row = (what, ours, peer, peers, ratio, reach) => ({ what, ours, peer, peers, ratio, unit: "µs", reach });
    const all = `${count} flows`;
    rows.push(
      row(
        `a call, ${all}`,
        call.poll,
        `of ${few.count}`,
        few.call.poll,
        call.poll / few.call.poll,
        "2 times it or less",
      ),
      row(`a call, ${all}`, call.poll, "window() of each", call.loop, call.loop / call.poll, "more"),
      row(`a call, ${all}`, call.poll, "Promise.race", call.race, call.race / call.poll, "more"),
      row(
        `a call at once (set.now), ${all}`,
        call.now,
        `of ${few.count}`,
        few.call.now,
        call.now / few.call.now,
        "2 times it or less",
      ),
      row(`a turn, ${all}`, turn.poll, `of ${few.count}`, few.turn.poll, turn.poll / few.turn.poll),
      row(`a turn, ${all}`, turn.poll, "window() of each", turn.loop, turn.loop / turn.poll, "more"),
    );
  }
  return rows;
}
