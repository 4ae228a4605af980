const minimum = 6;
const gap = 3;

/**
 * Aligns cells as kubectl does: a column is as wide as its widest cell so far, the last cell of a row is not padded.
 * Widths are remembered, so that lines of a watch stand below those of the list.
 */
export class Columns {
  readonly #widths: number[] = [];

  /** `paint` gives a cell its colour, which takes no room. */
  rows(rows: string[][], paint = (cell: string, _row: number, _at: number) => cell): string[] {
    for (const row of rows)
      row.slice(0, -1).forEach((cell, at) => {
        this.#widths[at] = Math.max(this.#widths[at] ?? minimum, [...cell].length + gap);
      });
    return rows.map((row, number) =>
      row
        .map((cell, at) => {
          const room = at === row.length - 1 ? '' : roomAfter(cell, this.#widths[at]!);
          return paint(cell, number, at) + room;
        })
        .join(''),
    );
  }
}

const roomAfter = (cell: string, width: number) => ' '.repeat(Math.max(0, width - [...cell].length));
