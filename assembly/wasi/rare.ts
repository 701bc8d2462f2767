/**
 * Which two bytes of a literal to look for first: the rarest ones. The table and the choice are those of src/kernel/rare.ts, which
 * says where the numbers are from; a test compares.
 */

/** How common each byte is, 0 the rarest. */
const COMMONNESS = memory.data<u8>([
  255, 199, 168, 157, 163, 153, 136, 146, 186, 214, 243, 98, 134, 133, 151, 197, 159, 101, 154, 49, 93, 94, 44, 16, 140,
  31, 15, 19, 57, 10, 8, 149, 254, 130, 238, 172, 192, 147, 135, 171, 217, 211, 205, 137, 225, 226, 235, 237, 219, 220,
  202, 189, 183, 176, 182, 161, 181, 178, 223, 193, 227, 222, 228, 138, 164, 221, 179, 203, 206, 216, 185, 174, 229,
  215, 113, 139, 210, 191, 198, 196, 195, 92, 201, 212, 218, 177, 150, 152, 148, 142, 103, 175, 208, 180, 97, 232, 194,
  251, 230, 244, 242, 253, 234, 233, 236, 247, 173, 200, 245, 241, 250, 249, 240, 141, 246, 248, 252, 239, 213, 207,
  209, 224, 156, 188, 165, 190, 50, 40, 155, 114, 102, 169, 160, 167, 78, 76, 112, 204, 37, 187, 83, 170, 48, 68, 131,
  30, 17, 22, 106, 65, 45, 29, 84, 47, 21, 11, 64, 43, 33, 66, 144, 53, 13, 24, 74, 14, 23, 38, 89, 59, 36, 12, 35, 39,
  20, 42, 116, 55, 41, 46, 69, 73, 105, 54, 127, 75, 126, 72, 88, 81, 125, 99, 166, 122, 143, 145, 123, 91, 107, 132,
  86, 77, 28, 2, 5, 3, 62, 26, 158, 124, 87, 9, 4, 6, 7, 61, 100, 51, 18, 52, 0, 1, 34, 95, 129, 56, 120, 104, 70, 118,
  111, 108, 184, 162, 63, 119, 115, 80, 71, 110, 121, 27, 58, 67, 25, 32, 109, 79, 117, 60, 90, 82, 85, 96, 128, 231,
]);

/** Offset in the literal of its rarest byte, and of the rarest byte beside that. */
export let rareA: u32 = 0;
export let rareB: u32 = 0;


@inline
function commonness(byte: u32): u32 {
  return load<u8>(COMMONNESS + byte);
}

/** Chooses the two for a literal of 1 byte or more. */
export function chooseRare(literal: usize, length: u32): void {
  rareA = 0;
  for (let i: u32 = 1; i < length; i++) {
    if (commonness(load<u8>(literal + i)) < commonness(load<u8>(literal + rareA))) rareA = i;
  }
  rareB = 0;
  let least = u32.MAX_VALUE;
  for (let i: u32 = 0; i < length; i++) {
    if (i == rareA) continue;
    const byte: u32 = load<u8>(literal + i);
    // A repetition of the rarest one rules out least.
    const cost: u32 = byte == load<u8>(literal + rareA) ? 256 : commonness(byte);
    if (cost >= least) continue;
    least = cost;
    rareB = i;
  }
}
