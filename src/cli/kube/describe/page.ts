const gap = 2;

/**
 * Text whose tabs are aligned as Go's tabwriter does it: a column is as wide as the widest of its cells in lines that
 * follow one another. The last cell of a line belongs to no column.
 */
export class Page {
  readonly #done: string[] = [];
  #open = '';

  /** Adds text, indented by two spaces a level; several lines may come in one. */
  write(level: number, text: string): this {
    this.#open += '  '.repeat(level) + text;
    return this;
  }

  /** A title, and its value where there is one, on a line of its own. */
  field(level: number, title: string, value: unknown): this {
    return this.write(level, `${title}:\t${value ?? ''}\n`);
  }

  /** A title with several values, one below the other. */
  list(title: string, values: string[]): this {
    return this.write(0, `${title}:\t${values.length ? values.join('\n\t') : '<none>'}\n`);
  }

  /** What comes from now on is aligned by itself. */
  flush(): this {
    this.#done.push(aligned(this.#open));
    this.#open = '';
    return this;
  }

  /** Without alignment. */
  raw(): string {
    return this.#open;
  }

  toString(): string {
    this.flush();
    return this.#done.join('');
  }
}

function aligned(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const out = lines.map(() => '');
  format(lines, out, { from: 0, to: lines.length, column: 0, widths: [] });
  return out.join('\n');
}

interface Block {
  from: number;
  to: number;
  column: number;
  widths: number[];
}

function format(lines: string[][], out: string[], { from, to, column, widths }: Block): void {
  const has = (at: number) => at < to && column < lines[at]!.length - 1;
  for (let at = from; at < to; ) {
    if (!has(at)) {
      out[at] = padded(lines[at]!, widths);
      at++;
      continue;
    }
    let end = at;
    let width = 0;
    for (; has(end); end++) width = Math.max(width, [...lines[end]![column]!].length + gap);
    if (lines.slice(at, end).every((line) => line[column] === '')) width = gap;
    format(lines, out, { from: at, to: end, column: column + 1, widths: [...widths, width] });
    at = end;
  }
}

const padded = (cells: string[], widths: number[]): string =>
  cells
    .map((cell, at) =>
      at < cells.length - 1 ? cell + ' '.repeat(Math.max(0, widths[at]! - [...cell].length)) : cell,
    )
    .join('');
