/** What is shown at the moment: what the worker said of the stream, and what was asked for to get it. */
export const now = {
  /** See `described` of live.js and recording.js. */
  stream: { kind: "", live: true, rate: 1, binHz: 0, rowSeconds: 0 },
  /** For the same again with another channel, or other samples. */
  asked: { kind: "" },
  running: true,
};
