// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals are told by
const sequence = /^\x1b(?:\[([?>=]?)([\d;]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cDEHM])/;
const longestSequence = 256;

/** What a terminal shows, as far as programs that draw whole screens need it: places, clearing and text; no colours. */
export class Screen {
  readonly #rows: number;
  readonly #columns: number;
  readonly #cells: string[][];
  #row = 0;
  #column = 0;
  /** The beginning of a sequence whose end has not come yet. */
  #rest = '';

  constructor(rows: number, columns: number) {
    this.#rows = rows;
    this.#columns = columns;
    this.#cells = Array.from({ length: rows }, () => this.#blank());
  }

  /** The lines, without the spaces at their ends. */
  get text(): string {
    return this.#cells.map((row) => row.join('').trimEnd()).join('\n');
  }

  write(output: string): void {
    const text = this.#rest + output;
    this.#rest = '';
    for (let at = 0; at < text.length; ) {
      const found = text[at] === '\x1b' ? sequence.exec(text.slice(at, at + longestSequence)) : undefined;
      if (found) {
        if (found[3]) this.#control(found[3], numbersIn(found[2]!));
        at += found[0].length;
      } else if (text[at] === '\x1b' && text.length - at < longestSequence) {
        this.#rest = text.slice(at);
        return;
      } else {
        const character = String.fromCodePoint(text.codePointAt(at)!);
        this.#put(character);
        at += character.length;
      }
    }
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#row = Math.min(this.#row + 1, this.#rows - 1);
    else if (character === '\b') this.#column = Math.max(this.#column - 1, 0);
    else if (character >= ' ') {
      const row = this.#cells[this.#row];
      if (row && this.#column < this.#columns) row[this.#column] = character;
      this.#column++;
    }
  }

  #control(final: string, [first = 0, second = 0]: number[]): void {
    const step = first || 1;
    if (final === 'H' || final === 'f') {
      this.#row = step - 1;
      this.#column = (second || 1) - 1;
    } else if (final === 'G') this.#column = step - 1;
    else if (final === 'd') this.#row = step - 1;
    else if (final === 'A') this.#row = Math.max(this.#row - step, 0);
    else if (final === 'B') this.#row = Math.min(this.#row + step, this.#rows - 1);
    else if (final === 'C') this.#column += step;
    else if (final === 'D') this.#column = Math.max(this.#column - step, 0);
    else if (final === 'X') this.#clear(this.#row, this.#column, this.#column + step);
    else if (final === 'K') this.#clear(this.#row, first === 0 ? this.#column : 0);
    else if (final === 'J') {
      if (first === 0) this.#clear(this.#row, this.#column);
      for (let row = first === 0 ? this.#row + 1 : 0; row < this.#rows; row++) this.#clear(row, 0);
    }
  }

  #clear(row: number, from: number, to = this.#columns): void {
    this.#cells[row]?.fill(' ', from, to);
  }

  #blank(): string[] {
    return Array<string>(this.#columns).fill(' ');
  }
}

const numbersIn = (text: string): number[] => text.split(';').map(Number);
