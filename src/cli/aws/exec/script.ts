/** Between these a program's exit code stands at the end of its output: ECS does not tell it. */
const separator = 0x1e;

/**
 * The command line that ECS Exec is to run on a terminal for a program and its arguments, then telling its exit code.
 * Bytes are written as octal numbers, so that no quotes of the program meet those of the agent that splits the line.
 * The container needs `sh`.
 */
export function commandLine(words: string[]): string {
  const script = `${words.map(quoted).join(' ')}; printf '\\036%d\\036' $?`;
  return `sh -c 'eval "$(printf "%b" "${octal(script)}")"'`;
}

export const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

const octal = (text: string) =>
  [...Buffer.from(text)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');

/** Takes the exit code off the end of the output. What may be it is kept back until more comes, or nothing. */
export class ExitCodeReader {
  #kept: Buffer = Buffer.alloc(0);

  /** The part of the output that is surely the program's. */
  take(bytes: Uint8Array): Buffer {
    const all = Buffer.concat([this.#kept, bytes]);
    const at = startOfCode(all);
    this.#kept = Buffer.from(all.subarray(at));
    return all.subarray(0, at);
  }

  /** The output is over: the exit code, or what looked like the beginning of one. */
  end(): { code: number } | { rest: Buffer } {
    const rest = this.#kept;
    const digits = rest.toString('latin1', 1, rest.length - 1);
    const isWhole = rest.length > 2 && rest.at(-1) === separator && isNumber(digits);
    return isWhole ? { code: Number(digits) } : { rest };
  }
}

const isNumber = (text: string) => /^\d{1,3}$/.test(text);

/** Returns where a code, or the beginning of one, stands at the end of the output; else the end. */
function startOfCode(output: Buffer): number {
  const last = output.lastIndexOf(separator);
  if (last < 0) return output.length;
  const after = output.toString('latin1', last + 1);
  if (after && !isNumber(after)) return output.length;
  // It may be the second of the two.
  const before = last > 0 && !after ? output.lastIndexOf(separator, last - 1) : -1;
  return before >= 0 && isNumber(output.toString('latin1', before + 1, last)) ? before : last;
}
