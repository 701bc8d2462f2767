/** Milliseconds since some moment. Node's `performance` is loaded by its first use, which takes a millisecond; this is there. */
export function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
