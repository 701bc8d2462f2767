// What bench/streams.mjs sends: f32 that count up and begin anew every mebibyte, so that a frame in the wrong place shows.

/** Bytes after which the pattern repeats. */
export const blockBytes = 2 ** 20;

/** One block of it. */
export const block = new Uint8Array(Float32Array.from({ length: blockBytes / 4 }, (_, at) => at).buffer);

/** One element of each cache line of a window added up: so that all of it is read, at little cost in arithmetic. */
export function touch(data) {
  let sum = 0;
  for (let at = 0; at < data.length; at += 16) sum += data[at];
  return sum;
}

/** What `touch` adds up to over all windows of `size` frames in `bytes` of the pattern. */
export function expectedSum(bytes, size) {
  const frames = bytes / 4;
  const period = blockBytes / 4;
  let sum = 0;
  for (let start = 0; start < frames; start += size) {
    for (let at = start; at < Math.min(start + size, frames); at += 16) sum += at % period;
  }
  return sum;
}

/** Whether every element of a window that begins at frame `start` is what it ought to be. */
export function checkWindow(data, start) {
  const period = blockBytes / 4;
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== (start + at) % period) throw new Error(`frame ${start + at} is ${data[at]}`);
  }
}
