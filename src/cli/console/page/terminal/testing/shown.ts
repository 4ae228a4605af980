import type { Screen } from '../screen.ts';
import type { Style } from '../style.ts';

/** One place of a screen, in words that another terminal's can be put into as well. */
export interface Place {
  text: string;
  width: number;
  /** How it looks; empty: as everything does at first. */
  look: string;
}

/** Lines of text, in which `⟨look⟩` stands where it becomes another; nothing of what is blank at their ends. */
export const linesOf = (rows: readonly (readonly Place[])[]): string[] =>
  rows.map((places) => {
    let line = '';
    let last = '';
    for (const { text, width, look } of places) {
      if (look !== last) line += `⟨${look}⟩`;
      last = look;
      // A wide character has two places, and the second has no text.
      line += width === 0 ? '' : text;
    }
    return line.trimEnd();
  });

/** What decides how a place looks. Of a blank one the colour of its text says nothing. */
export interface Look {
  text: string;
  ground: string;
  marks: string;
}

export const lookOf = ({ text, ground, marks }: Look, isBlank: boolean): string =>
  [isBlank ? '' : text, ground && `on ${ground}`, isBlank ? marks.replace(/[bdi]/g, '') : marks]
    .filter(Boolean)
    .join(' ');

export interface Shown {
  lines: string[];
  cursor: [row: number, column: number];
  /** How many lines stand above the screen. */
  above: number;
  isAlternate: boolean;
}

export function shownBy(screen: Screen): Shown {
  const { cursor, grid, isAlternate } = screen;
  const rows = Array.from({ length: screen.rows }, (_, row) =>
    grid.line(row).cells.map(({ text, width, style }) => ({
      ...{ text, width },
      look: lookOf(partsOf(style), !text.trim()),
    })),
  );
  return { lines: linesOf(rows), cursor: [cursor.row, cursor.column], above: grid.above, isAlternate };
}

const partsOf = (style: Style): Look => ({
  text: `${style.text ?? ''}`,
  ground: `${style.ground ?? ''}`,
  marks: [
    [style.bold, 'b'],
    [style.dim, 'd'],
    [style.italic, 'i'],
    [style.underline, 'u'],
    [style.inverse, 'r'],
    [style.hidden, 'h'],
    [style.struck, 's'],
  ]
    .filter(([is]) => is)
    .map(([, letter]) => letter)
    .join(''),
});
