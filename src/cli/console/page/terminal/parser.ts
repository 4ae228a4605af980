/** A control sequence, `ESC [ prefix parameters intermediates final`, as ECMA-48 has them. */
export interface Sequence {
  /** `?`, `>`, `=` or `<`: it is somebody's own, and means something else than without it. */
  prefix: string;
  /** What stands between semicolons, each split at its colons; what is left out is 0. */
  parameters: readonly (readonly number[])[];
  intermediates: string;
  final: string;
}

/** Takes what a program sends to its terminal, in order. */
export interface Commands {
  /** Characters to be shown. */
  print(text: string): void;
  /** One control character: a line feed, a tab. */
  control(character: string): void;
  escape(intermediates: string, final: string): void;
  sequence(sequence: Sequence): void;
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: that is what terminals are told by
const sequence = /\x1b\[([<-?]?)([\d;:]*)([ -/]*)([@-~])/y;
/** Begins titles, colours of the palette, links, strings for other devices: nothing that is shown here. */
const unshown = /\x1b[\]PX^_]/y;
/** What they hold, until one of the characters that end them; ESC begins ESC \ or what comes instead of it. */
const title = /[^\x07\x18\x1a\x1b\x9c]*/y;
const string = /[^\x18\x1a\x1b\x9c]*/y;
const short = /\x1b([ -/]*)([0-OQ-WYZ\\`-~])/y;
/** The beginning of a sequence whose end has not come yet. */
const begun = /\x1b(?:\[[<-?]?[\d;:]*[ -/]*|[ -/]*)$/y;
const plain = /[^\x00-\x1f\x7f-\x9f]+/y;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: the end of them

/** Longer ones do not end, as far as anybody can tell; in characters. */
const longestSequence = 1024;
const longestString = 65_536;

/** Tells apart what is to be shown and what is to be done, however the text is cut into pieces. */
export class Parser {
  readonly #commands: Commands;
  /** A sequence whose end has not come yet. */
  #rest = '';
  /** Is set inside of what is not shown, which is not kept either. */
  #skips: RegExp | undefined;
  #skipped = 0;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  write(output: string): void {
    const text = this.#rest + output;
    this.#rest = '';
    for (let at = 0; at < text.length; ) {
      const end = this.#endOfNext(text, at);
      if (end === undefined) {
        this.#rest = text.slice(at);
        return;
      }
      at = end;
    }
  }

  /** @returns where the next thing ends; undefined when more has to come first. */
  #endOfNext(text: string, at: number): number | undefined {
    if (this.#skips) return this.#unshown(text, at, this.#skips);
    return text[at] === '\x1b' ? this.#escaped(text, at) : this.#unescaped(text, at);
  }

  #unshown(text: string, at: number, skips: RegExp): number {
    const end = at + matchAt(skips, text, at)![0].length;
    this.#skipped += end - at;
    if (end < text.length || this.#skipped > longestString) this.#skips = undefined;
    return text[end] === '\x07' ? end + 1 : end;
  }

  #unescaped(text: string, at: number): number {
    const shown = matchAt(plain, text, at);
    if (shown) this.#commands.print(shown[0]);
    else this.#commands.control(text[at]!);
    return at + (shown?.[0].length ?? 1);
  }

  #escaped(text: string, at: number): number | undefined {
    const long = matchAt(sequence, text, at);
    if (long) {
      const [all, prefix, parameters, intermediates, final] = long as unknown as Groups;
      this.#commands.sequence({ prefix, parameters: numbersIn(parameters), intermediates, final });
      return at + all.length;
    }
    const [begins] = matchAt(unshown, text, at) ?? [];
    if (begins) {
      this.#skips = begins.endsWith(']') ? title : string;
      this.#skipped = 0;
      return at + begins.length;
    }
    const other = matchAt(short, text, at);
    if (other) {
      this.#commands.escape(other[1]!, other[2]!);
      return at + other[0].length;
    }
    // What is no sequence loses its beginning, as in xterm.
    return matchAt(begun, text, at) && text.length - at < longestSequence ? undefined : at + 1;
  }
}

type Groups = [all: string, prefix: string, parameters: string, intermediates: string, final: string];

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

/** Is how many parameters xterm.js takes of a sequence, and how many parts of one. */
const mostParameters = 32;

const numbersIn = (text: string): number[][] =>
  text
    .split(';', mostParameters)
    .map((part) => part.split(':', mostParameters).map((number) => Math.min(Number(number), 65_535)));
