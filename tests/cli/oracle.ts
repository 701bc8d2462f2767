/** The scan's answer in a few lines. */

/** Positions of every occurrence that does not overlap the one before. */
export function naive(text: string, literal: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) found.push(at);
  return found;
}

/** The line in which a match begins, cut to `most` bytes as the help says. */
export function naiveLine(text: string, at: number, most: number): { line: string; cut: boolean } {
  const begin = at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  if (end - begin <= most) return { line: text.slice(begin, end), cut: false };
  const from = Math.max(begin, at - Math.floor(most / 2));
  return { line: text.slice(from, Math.max(from, Math.min(end, from + most))), cut: true };
}
