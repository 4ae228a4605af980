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
/** Titles, colours of the palette, links, strings for other devices: nothing that is shown here. */
const unshown = /\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\)/y;
const short = /\x1b([ -/]*)([0-OQ-WYZ`-~])/y;
/** The beginning of one of them whose end has not come yet. */
const begun = /\x1b(?:\[[<-?]?[\d;:]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|[ -/]*)$/y;
const plain = /[^\x00-\x1f\x7f-\x9f]+/y;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: the end of them

/** A longer one does not end, as far as anybody can tell. */
const longest = 65_536;

/** Tells apart what is to be shown and what is to be done, however the text is cut into pieces. */
export class Parser {
  readonly #commands: Commands;
  #rest = '';

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  write(output: string): void {
    const text = this.#rest + output;
    this.#rest = '';
    for (let at = 0; at < text.length; ) {
      const end = text[at] === '\x1b' ? this.#escaped(text, at) : this.#unescaped(text, at);
      if (end === undefined) {
        this.#rest = text.slice(at);
        return;
      }
      at = end;
    }
  }

  #unescaped(text: string, at: number): number {
    const shown = matchAt(plain, text, at);
    if (shown) this.#commands.print(shown[0]);
    else this.#commands.control(text[at]!);
    return at + (shown?.[0].length ?? 1);
  }

  /** @returns where it ends; undefined when more has to come first. */
  #escaped(text: string, at: number): number | undefined {
    const long = matchAt(sequence, text, at);
    if (long) {
      const [all, prefix, parameters, intermediates, final] = long as unknown as Groups;
      this.#commands.sequence({ prefix, parameters: numbersIn(parameters), intermediates, final });
      return at + all.length;
    }
    const skipped = matchAt(unshown, text, at);
    if (skipped) return at + skipped[0].length;
    const other = matchAt(short, text, at);
    if (other) {
      this.#commands.escape(other[1]!, other[2]!);
      return at + other[0].length;
    }
    // What is no sequence loses its beginning, as in xterm.
    return matchAt(begun, text, at) && text.length - at < longest ? undefined : at + 1;
  }
}

type Groups = [all: string, prefix: string, parameters: string, intermediates: string, final: string];

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

const numbersIn = (text: string): number[][] =>
  text.split(';').map((part) => part.split(':').map((number) => Math.min(Number(number), 65_535)));
