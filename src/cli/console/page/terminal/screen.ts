import { type Cell, type Cursor, Grid } from './grid.ts';
import { plainStyle, type Style } from './style.ts';
import { widthOf } from './width.ts';

const keptLines = 1000;
const tabEvery = 8;
/** Is how much of what was written waits for those who do not see it, in characters. */
const saidAtMost = 4000;
/** Is how long a character with its accents gets. */
const cellAtMost = 32;

/** Is how a program wants its terminal, by the numbers and names of DEC's and xterm's modes. */
const usualModes = {
  applicationCursor: false,
  origin: false,
  wraps: true,
  showsCursor: true,
  bracketsPaste: false,
  inserts: false,
  feedsReturn: false,
};

export type Mode = keyof typeof usualModes;

/** What a terminal shows and how it goes on: places, areas, styles. What programs call that: commands.ts. */
export class Screen {
  rows: number;
  columns: number;
  cursor: Cursor = { row: 0, column: 0 };
  style: Style = plainStyle;
  modes: Record<Mode, boolean> = { ...usualModes };
  tabs = new Set<number>();
  /** Whether G0 and G1 are lines and corners instead of letters, and which of them counts. */
  drawsLines: readonly [boolean, boolean] = [false, false];
  isShifted = false;
  lastPrinted = '';
  #main: Grid;
  #alternate: Grid | undefined;
  /** Where the main screen's cursor is while the alternate one is shown. */
  #mainRow = 0;
  #said = '';

  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    this.#main = new Grid(rows, columns, keptLines, plainStyle);
    this.#addTabs(0);
  }

  /** The lines that are shown now, and those above them. */
  get grid(): Grid {
    return this.#alternate ?? this.#main;
  }

  get area(): Grid['area'] {
    return this.grid.area;
  }

  get isAlternate(): boolean {
    return this.#alternate !== undefined;
  }

  /** Erased places keep the ground that is set, and nothing else. */
  get ground(): Style {
    return this.style.ground === undefined ? plainStyle : { ground: this.style.ground };
  }

  textOf(row: number): string {
    return this.grid
      .line(row)
      .cells.map(({ text }) => text)
      .join('')
      .trimEnd();
  }

  /** What has been written to the main screen since the last call, for those who do not see it; its end, if it is long. */
  takeSaid(): string {
    const said = this.#said.slice(-saidAtMost);
    this.#said = '';
    return said;
  }

  print(text: string): void {
    for (const character of text) this.#print(character);
    this.#say(text);
  }

  #say(text: string): void {
    if (this.isAlternate) return;
    this.#said += text;
    // Not at each character: that copies all of it.
    if (this.#said.length > 2 * saidAtMost) this.#said = this.#said.slice(-saidAtMost);
  }

  #print(given: string): void {
    const character = this.drawsLines[this.isShifted ? 1 : 0] ? (lineDrawing[given] ?? given) : given;
    const width = widthOf(character);
    if (width === 0) this.#join(character);
    else if (width <= this.columns) this.#place(character, width);
  }

  #place(character: string, width: 1 | 2): void {
    const { cursor, grid, style } = this;
    if (cursor.column + width > this.columns) {
      if (this.modes.wraps) {
        grid.erase(cursor.row, cursor.column, this.columns, style);
        cursor.column = 0;
        this.#toNextLine();
      } else cursor.column = this.columns - width;
    }
    if (this.modes.inserts) grid.insert(cursor.row, cursor.column, width, style);
    const cells: Cell[] = [{ text: character, width, style }];
    if (width === 2) cells.push({ text: '', width: 0, style });
    grid.put(cursor.row, cursor.column, cells);
    cursor.column += width;
    this.lastPrinted = character;
  }

  /** An accent goes to the character before it. */
  #join(character: string): void {
    const { row, column } = this.cursor;
    const { cells } = this.grid.line(row);
    const at = cells[column - 1]?.width === 0 ? column - 2 : column - 1;
    const cell = cells[at];
    if (!cell || cell.text.length + character.length > cellAtMost) return;
    const joined = { ...cell, text: cell.text + character };
    this.grid.put(row, at, cell.width === 2 ? [joined, cells[at + 1]!] : [joined]);
  }

  /** To the next line, in the same column; the area scrolls at its end. */
  feed(): void {
    this.#say('\n');
    this.#toNextLine();
  }

  /** Nothing is said of it: a line that is too long is one line for those who hear it. */
  #toNextLine(): void {
    const { top, bottom } = this.area;
    if (this.cursor.row === bottom) this.grid.scrollUp(top, bottom, 1, this.ground);
    else if (this.cursor.row < this.rows - 1) this.cursor.row++;
  }

  /** To the line before, in the same column. */
  feedBack(): void {
    if (this.cursor.row === this.area.top)
      this.grid.scrollDown(this.area.top, this.area.bottom, 1, this.ground);
    else if (this.cursor.row > 0) this.cursor.row--;
  }

  /** Puts the cursor into the screen; `row` counts from the area's top where the program has asked for that. */
  moveTo(row: number, column: number): void {
    const [from, to] = this.modes.origin ? [this.area.top, this.area.bottom] : [0, this.rows - 1];
    this.cursor = { row: clamp(row + from, from, to), column: clamp(column, 0, this.columns - 1) };
  }

  save(): void {
    const { cursor, style, drawsLines, isShifted } = this;
    this.grid.saved = { ...cursor, style, drawsLines, isShifted };
  }

  restore(): void {
    const { saved } = this.grid;
    this.style = saved?.style ?? plainStyle;
    this.drawsLines = saved?.drawsLines ?? [false, false];
    this.isShifted = saved?.isShifted ?? false;
    const { row, column } = saved ?? { row: 0, column: 0 };
    this.cursor = { row: Math.min(row, this.rows - 1), column: Math.min(column, this.columns - 1) };
  }

  /** Another screen, for programs that draw all of it: what was there before comes back when they end. */
  showAlternate(isWanted: boolean): void {
    if (isWanted === this.isAlternate) return;
    this.#mainRow = this.cursor.row;
    this.#alternate = isWanted ? new Grid(this.rows, this.columns, 0, this.ground) : undefined;
  }

  resize(rows: number, columns: number): void {
    const from = this.columns;
    const mainRow = this.isAlternate ? this.#mainRow : this.cursor.row;
    const moved = this.#main.resize(rows, columns, mainRow, plainStyle);
    this.#mainRow = clamp(mainRow + moved, 0, rows - 1);
    const movedNow = this.#alternate?.resize(rows, columns, this.cursor.row, plainStyle) ?? moved;
    [this.rows, this.columns] = [rows, columns];
    const { row, column } = this.cursor;
    this.cursor = { row: clamp(row + movedNow, 0, rows - 1), column: Math.min(column, columns - 1) };
    if (columns > from) this.#addTabs(from);
  }

  /** All as at the beginning. `isSoft`: what is shown stays. */
  reset(isSoft = false): void {
    this.modes = { ...usualModes };
    this.style = plainStyle;
    this.grid.area = { top: 0, bottom: this.rows - 1 };
    this.drawsLines = [false, false];
    this.isShifted = false;
    this.#main.saved = undefined;
    if (this.#alternate) this.#alternate.saved = undefined;
    if (isSoft) return;
    this.#alternate = undefined;
    this.#main = new Grid(this.rows, this.columns, keptLines, plainStyle);
    this.cursor = { row: 0, column: 0 };
    this.tabs.clear();
    this.#addTabs(0);
  }

  #addTabs(from: number): void {
    for (let at = Math.ceil(from / tabEvery) * tabEvery; at < this.columns; at += tabEvery) this.tabs.add(at);
  }
}

export const clamp = (number: number, from: number, to: number): number =>
  Math.max(from, Math.min(number, to));

/** DEC's special graphics, from ` to ~. */
const lineDrawing: Record<string, string> = Object.fromEntries(
  [...'◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·'].map((each, at) => [String.fromCharCode(0x60 + at), each]),
);
