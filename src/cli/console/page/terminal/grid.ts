import type { Style } from './style.ts';

/** One place of a line. A wide character has two: itself, and one of width 0 that has no text. */
export interface Cell {
  readonly text: string;
  readonly width: 0 | 1 | 2;
  readonly style: Style;
}

export interface Line {
  readonly id: number;
  readonly cells: Cell[];
  /** Is another number after each change. */
  version: number;
}

export interface Cursor {
  row: number;
  /** One more than there are columns when the last column has been written: the next character wraps. */
  column: number;
}

/** What ESC 7 saves and ESC 8 brings back. */
interface Saved extends Cursor {
  style: Style;
  drawsLines: readonly [boolean, boolean];
  isShifted: boolean;
}

export const blank = (style: Style): Cell => ({ text: ' ', width: 1, style });

let lastId = 0;

/** Lines of one size; above them those that have been scrolled away, at most `keeps` of them. */
export class Grid {
  /** All of them: those on the screen are the last. */
  readonly lines: Line[];
  /** The rows that scroll; the last one is among them. */
  area: { top: number; bottom: number };
  /** Goes with its screen, so that one that is left keeps none. */
  saved: Saved | undefined;
  #rows: number;
  #columns: number;
  readonly #keeps: number;

  constructor(rows: number, columns: number, keeps: number, style: Style) {
    this.#rows = rows;
    this.#columns = columns;
    this.#keeps = keeps;
    this.area = { top: 0, bottom: rows - 1 };
    this.lines = Array.from({ length: rows }, () => this.#empty(style));
  }

  /** How many lines stand above the screen. */
  get above(): number {
    return this.lines.length - this.#rows;
  }

  line(row: number): Line {
    return this.lines[this.above + row]!;
  }

  /** Puts cells over others. */
  put(row: number, column: number, cells: readonly Cell[]): void {
    const line = this.line(row);
    line.cells.splice(column, cells.length, ...cells);
    mend(line, cells[0]!.style, column, column + cells.length);
  }

  erase(row: number, from: number, to: number, style: Style): void {
    if (to <= from) return;
    const line = this.line(row);
    line.cells.fill(blank(style), from, to);
    mend(line, style, from, to);
  }

  /** Makes room for `count` cells; those at the end of the line are lost. */
  insert(row: number, column: number, count: number, style: Style): void {
    const line = this.line(row);
    const fitting = Math.min(count, this.#columns - column);
    line.cells.splice(column, 0, ...Array<Cell>(fitting).fill(blank(style)));
    line.cells.length = this.#columns;
    mend(line, style, column, column + fitting, this.#columns);
  }

  /** Takes cells away; blank ones come at the end of the line. */
  remove(row: number, column: number, count: number, style: Style): void {
    const line = this.line(row);
    line.cells.splice(column, Math.min(count, this.#columns - column));
    while (line.cells.length < this.#columns) line.cells.push(blank(style));
    mend(line, style, column);
  }

  /** Moves the lines of an area up. What leaves the top of the screen is kept above it, where lines are kept. */
  scrollUp(top: number, bottom: number, count: number, style: Style, mayKeep = true): void {
    for (let left = Math.min(count, bottom - top + 1); left > 0; left--) {
      const above = this.above;
      this.lines.splice(above + bottom + 1, 0, this.#empty(style));
      if (top > 0 || !this.#keeps || !mayKeep) this.lines.splice(above + top, 1);
      else if (above === this.#keeps) this.lines.shift();
    }
  }

  scrollDown(top: number, bottom: number, count: number, style: Style): void {
    for (let left = Math.min(count, bottom - top + 1); left > 0; left--) {
      this.lines.splice(this.above + bottom, 1);
      // One is missing now.
      this.lines.splice(this.above + 1 + top, 0, this.#empty(style));
    }
  }

  forget(): void {
    this.lines.splice(0, this.above);
  }

  /**
   * Takes another size. Where there are fewer rows, blank ones below the cursor go first and then those at the top, which
   * are kept; where there are more, they come back. The saved place moves with its line. @returns by how many rows the cursor has moved down.
   */
  resize(rows: number, columns: number, cursorRow: number, style: Style): number {
    const before = this.above;
    this.#columns = columns;
    for (let spare = Math.min(this.#rows - rows, this.#rows - 1 - cursorRow); spare > 0; spare--)
      this.lines.pop();
    this.#rows = rows;
    this.area = { top: 0, bottom: rows - 1 };
    while (this.lines.length < rows) this.lines.push(this.#empty(style));
    for (const line of this.lines.slice(-rows)) {
      if (line.cells.length > columns) line.cells.length = columns;
      while (line.cells.length < columns) line.cells.push(blank(style));
      mend(line, style, columns);
    }
    const moved = before - this.above;
    if (this.saved) this.saved.row = Math.max(this.saved.row + moved, 0);
    if (this.above > this.#keeps) this.lines.splice(0, this.above - this.#keeps);
    return moved;
  }

  #empty(style: Style): Line {
    return { id: ++lastId, cells: Array<Cell>(this.#columns).fill(blank(style)), version: 0 };
  }
}

/** Blanks the halves of wide characters that have lost their other half at these places. */
function mend(line: Line, style: Style, ...places: number[]): void {
  const { cells } = line;
  for (const at of places) {
    const [left, right] = [cells[at - 1], cells[at]];
    if ((left?.width === 2) === (right?.width === 0)) continue;
    cells[left?.width === 2 ? at - 1 : at] = blank(style);
  }
  line.version++;
}
