/** What tests have to say beside whether they passed, such as figures; it is printed with the results. */
export const notes: string[] = [];

/** Says something. */
export function note(text: string): void {
  notes.push(text);
}
