/** Between these a program's exit code stands at the end of its output: ECS does not tell it. */
const separator = 0x1e;

/**
 * The command line that ECS Exec is to run for a program and its arguments, then telling its exit code. ECS always gives
 * a terminal; without `tty` it is told to change nothing that passes. Bytes are written as octal numbers, so that no
 * quotes of the program's meet those of whoever splits the line. Needs a `sh` in the container.
 */
export function commandLine(words: string[], tty: boolean): string {
  const quiet = tty ? '' : 'stty -echo -onlcr 2>/dev/null; ';
  const script = `${quiet}${words.map(quoted).join(' ')}; printf '\\036%d\\036' $?`;
  return `sh -c 'eval "$(printf "%b" "${octal(script)}")"'`;
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

const octal = (text: string) =>
  [...Buffer.from(text)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');

/** Takes the exit code out of the output. What may be the beginning of it is kept back. */
export class ExitCodeReader {
  code: number | undefined;
  #kept = Buffer.alloc(0);

  /** The part of the output that is the program's. */
  take(bytes: Uint8Array): Buffer {
    const all = Buffer.concat([this.#kept, bytes]);
    const begun = all.lastIndexOf(separator, all.at(-1) === separator ? all.length - 2 : undefined);
    const [between, end] =
      begun < 0 ? ['', false] : [all.toString('latin1', begun + 1), all.at(-1) === separator];
    if (end && /^\d{1,3}$/.test(between.slice(0, -1))) {
      this.code = Number(between.slice(0, -1));
      this.#kept = Buffer.alloc(0);
      return all.subarray(0, begun);
    }
    const from = all.lastIndexOf(separator);
    const mayEnd = from >= 0 && /^\d{0,3}$/.test(all.toString('latin1', from + 1));
    this.#kept = mayEnd ? Buffer.from(all.subarray(from)) : Buffer.alloc(0);
    return mayEnd ? all.subarray(0, from) : all;
  }

  /** What was kept back and was no exit code after all. */
  rest(): Buffer {
    return this.#kept;
  }
}
