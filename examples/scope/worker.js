/**
 * The worker: reads, converts, transforms and measures, all in one arena, which in a page with COOP and COEP is shared: the page
 * draws what lies in it.
 */
import { openFeed } from "./feeds.js";
import { Live } from "./live.js";
import { openPublisher } from "./publisher.js";
import { Recording } from "./recording.js";

const opened = openPublisher();
let session;
let trigger;
let view;
let feed;
/** One source is closed before another one is opened. */
let turn = Promise.resolve();

const tell = (message) => postMessage(message);
const complain = (error, raw = false) => tell({ kind: "problem", message: error?.message ?? String(error), raw });

async function start(asked) {
  const { arena, publish } = await opened;
  await session?.close();
  session = undefined;
  feed = undefined;
  if (asked.kind === "file") {
    session = await Recording.open(arena, publish, asked, tell);
  } else {
    feed = await openFeed(arena, asked);
    session = new Live(arena, publish, feed, tell);
  }
  tell({ kind: "stream", described: session.described });
  if (trigger) session.trigger(trigger);
  if (view) session.view(view);
  session.go().catch((error) => complain(error));
}

const heard = {
  start({ source }) {
    const raw = (error) => source.kind === "file" && error?.code === "bad-argument";
    turn = turn.then(() => start(source)).catch((error) => complain(error, raw(error)));
  },
  run({ on }) {
    feed?.run?.(on);
    session?.run(on);
  },
  lose({ seconds }) {
    feed?.lose?.(seconds);
  },
  unheard({ frames }) {
    session?.unheard?.(frames);
  },
  view(asked) {
    view = asked;
    session?.view(asked);
  },
  trigger(chosen) {
    trigger = chosen;
    session?.trigger(chosen);
  },
};

addEventListener("message", ({ data }) => heard[data.kind](data));
opened
  .then(({ handles, transfer }) => postMessage({ kind: "outlets", handles }, transfer))
  .catch((error) => complain(error));
