/** What a module's bytes say of its sections. */

/** Whether a module has a data section (id 11) with anything in it: a section is an id, a length in LEB128, its bytes. */
export function hasStaticData(bytes: Uint8Array): boolean {
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++];
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (id === 11 && length > 1) return true;
    at += length;
  }
  return false;
}
