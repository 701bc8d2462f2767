/**
 * Which two bytes of a needle to look for first: the ones that are seldom seen in files.
 *
 * Only the speed of a search depends on the choice, never its answer.
 */

/**
 * How common each byte is, 0 the rarest to ff the commonest, two hexadecimal digits a byte, 00 to ff.
 *
 * Counted over the first 64 KiB of 17,871 files of a Debian machine with this project's packages installed: documentation
 * (16 MB), JavaScript, TypeScript, Python, Perl and C sources (64 MB), JSON, XML, HTML and lists (18 MB), programs and
 * shared libraries (60 MB). Each of the four classes counts as much as any other, whatever its size.
 */
const COMMONNESS =
  "ffc7a89da3998892bad6f362868597c59f659a315d5e2c108c1f0f13390a0895" +
  "fe82eeacc09387abd9d3cd89e1e2ebeddbdccabdb7b0b6a1b5b2dfc1e3dee48a" +
  "a4ddb3cbced8b9aee5d7718bd2bfc6c4c35cc9d4dab19698948e67afd0b461e8" +
  "c2fbe6f4f2fdeae9ecf7adc8f5f1faf9f08df6f8fcefd5cfd1e09cbca5be3228" +
  "9b7266a9a0a74e4c70cc25bb53aa3044831e11166a412d1d542f150b402b2142" +
  "90350d184a0e1726593b240c2327142a7437292e454969367f4b7e4858517d63" +
  "a67a8f917b5b6b84564d1c0205033e1a9e7c57090406073d643312340001225f" +
  "8138786846766f6cb8a23f777350476e791b3a4319206d4f753c5a52556080e7";

function commonness(byte: number): number {
  return Number.parseInt(COMMONNESS.slice(2 * byte, 2 * byte + 2), 16);
}

/**
 * Offsets of the two rarest bytes of a needle, the rarest first. They are two offsets if the needle has two bytes or more,
 * and hold two different bytes if it has two different ones: the same byte twice rules out less. An empty needle gives 0, 0.
 */
export function rareOffsets(needle: Uint8Array): [number, number] {
  let rarest = 0;
  for (let i = 1; i < needle.length; i++) {
    if (commonness(needle[i] as number) < commonness(needle[rarest] as number)) rarest = i;
  }
  let second = -1;
  for (let i = 0; i < needle.length; i++) {
    if (i === rarest) continue;
    if (second === -1 || cost(needle, i, rarest) < cost(needle, second, rarest)) second = i;
  }
  return [rarest, Math.max(second, 0)];
}

/** How little the byte at `i` rules out beside the rarest one: a repetition of that one comes last. */
function cost(needle: Uint8Array, i: number, rarest: number): number {
  const byte = needle[i] as number;
  return byte === needle[rarest] ? 256 : commonness(byte);
}
