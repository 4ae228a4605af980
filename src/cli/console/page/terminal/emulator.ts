import { terminalOf } from './commands.ts';
import { type Key, sentFor, sentForPaste } from './keys.ts';
import type { Parser } from './parser.ts';
import { Screen } from './screen.ts';
import { withoutEcho } from './spoken.ts';

/** What a terminal is connected with. */
interface Line {
  /** Sends what is typed, and what the terminal answers. */
  send(text: string): void;
  /** Tells of another size. */
  resized(rows: number, columns: number): void;
}

/** Is the size until the page has measured its place. */
const usual = { rows: 24, columns: 80 };

/** A terminal without its picture: output of a program goes in, keys come out. */
export class Emulator {
  readonly screen = new Screen(usual.rows, usual.columns);
  /** Is called after each change of what is shown. */
  changed: () => void = () => {};
  readonly #parser: Parser;
  readonly #line: Line;
  #typed = '';
  #lastRow = '';

  constructor(line: Line) {
    this.#line = line;
    this.#parser = terminalOf(this.screen, line.send);
  }

  write(output: string): void {
    this.#parser.write(output);
    this.changed();
  }

  /** Sends what a key stands for. @returns false where the key is not the terminal's. */
  press(key: Key): boolean {
    const text = sentFor(key, this.screen.modes.applicationCursor);
    if (text !== undefined) this.#line.send(text);
    return text !== undefined;
  }

  type(text: string): void {
    this.#typed += text;
    this.#line.send(text);
  }

  paste(text: string): void {
    this.#line.send(sentForPaste(text, this.screen.modes.bracketsPaste));
  }

  resize(rows: number, columns: number): void {
    if (rows === this.screen.rows && columns === this.screen.columns) return;
    this.screen.resize(rows, columns);
    this.#line.resized(rows, columns);
    this.changed();
  }

  /**
   * Returns what has been written since the last call, for readers who do not see it. Of a program that draws its whole
   * screen it is the line with the cursor.
   */
  takeSpoken(): string {
    const said = withoutEcho(this.screen.takeSaid(), this.#typed);
    this.#typed = '';
    if (!this.screen.isAlternate) return said;
    const row = this.screen.textOf(this.screen.cursor.row);
    const isNew = row !== this.#lastRow;
    this.#lastRow = row;
    return isNew ? row : '';
  }
}
