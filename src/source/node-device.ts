/**
 * Whether a device is still there, by its node in the file system.
 *
 * A terminal that was hung up gives reads of 0 bytes for ever, which a program cannot tell from a line on which nothing comes;
 * the package `serialport` asks it over and over. The node is gone by then, or is another device's.
 */
/** Milliseconds between looks. */
const pause = 250;

async function nodeOf(path: string): Promise<string | undefined> {
  // Loaded with the first device, as the port's package is: who imports this for a port of another make needs no Node.
  const { stat } = await import("node:fs/promises");
  return stat(path).then(
    ({ dev, ino, rdev }) => `${dev} ${ino} ${rdev}`,
    () => undefined,
  );
}

/**
 * Calls `gone` at each look at which the device is not there any more, until the function that it answers with is called.
 * Where a device has no node, as Windows's ports have none, it watches nothing. Keeps no program alive.
 */
export async function watchDevice(path: string, gone: () => void): Promise<() => void> {
  const node = await nodeOf(path);
  if (node === undefined) return () => undefined;
  let watched = true;
  const timer = setInterval(async () => {
    if ((await nodeOf(path)) !== node && watched) gone();
  }, pause);
  timer.unref();
  return () => {
    watched = false;
    clearInterval(timer);
  };
}
