/** Filling a Buf and whatever lies behind it. */

/** Writes until nothing more fits anywhere, and returns how many frames that were. */
export async function fill(writer: { pushSome(elements: number[]): number }, pause = 0): Promise<number> {
  let written = 0;
  for (let idle = 0; idle < 20; ) {
    const pushed = writer.pushSome([written]);
    written += pushed;
    idle = pushed === 0 ? idle + 1 : 0;
    if (pushed === 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return written;
}
