/** A module's import of a private memory that has a most: kind "memory", then the flag that says so. */
const kind = 0x02;
const hasMost = 0x01;
const shared = 0x02;

/** The module over shared memory. Throws where it does not import `env.memory` with a most, as the first of its imports. */
export function overSharedMemory(module) {
  const copy = new Uint8Array(module);
  const name = [3, ...Buffer.from("env"), 6, ...Buffer.from("memory"), kind, hasMost];
  const at = Buffer.from(copy).indexOf(Buffer.from(name));
  if (at < 0) throw new Error("The module does not import env.memory with a most.");
  copy[at + name.length - 1] |= shared;
  return copy;
}
