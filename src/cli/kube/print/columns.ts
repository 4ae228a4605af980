const minimum = 6;
const gap = 3;

/**
 * Aligns cells as kubectl does: a column is as wide as its widest cell so far, the last cell of a row is not padded.
 * Widths are remembered, so that lines of a watch stand below those of the list.
 */
export class Columns {
  readonly #widths: number[] = [];

  rows(rows: string[][]): string[] {
    for (const row of rows)
      row.slice(0, -1).forEach((cell, at) => {
        this.#widths[at] = Math.max(this.#widths[at] ?? minimum, [...cell].length + gap);
      });
    return rows.map((row) =>
      row.map((cell, at) => (at === row.length - 1 ? cell : pad(cell, this.#widths[at]!))).join(''),
    );
  }
}

const pad = (cell: string, width: number) => cell + ' '.repeat(Math.max(0, width - [...cell].length));
