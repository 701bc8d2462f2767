/** The page's colours, as its style sheet has them for a dark or a light room. */

/** Colours that canvases need. */
export interface Look {
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly line: string;
  readonly wave: string;
  readonly other: string;
  readonly gap: string;
}

/** What the style sheet says now. */
export function readLook(): Look {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: of("ink"),
    faint: of("faint"),
    grid: of("grid"),
    line: of("line"),
    wave: of("wave"),
    other: of("other"),
    gap: of("gap"),
  };
}
