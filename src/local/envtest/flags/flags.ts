import { table } from '../../../shared/meta/table.ts';

/** Flags by name: whether they take a value, or are true when they are named. */
export type Flags = Record<string, 'boolean' | 'text'>;

/** Makes flags of two lists of names. */
export function flagsNamed(names: { boolean: string; text: string }): Flags {
  const flags: Flags = table({});
  for (const name of wordsOf(names.boolean)) flags[name] = 'boolean';
  for (const name of wordsOf(names.text)) flags[name] = 'text';
  return flags;
}

const wordsOf = (text: string) => text.split(/\s+/).filter(Boolean);

/**
 * Returns what `--help` prints of flags. Frameworks look here which ones there are: a name stands at the beginning of
 * its line.
 */
export const helpOf = (flags: Flags): string =>
  Object.keys(flags)
    .sort()
    .map((name) => `      --${name}${flags[name] === 'text' ? ' string' : ''}`)
    .join('\n');

/** Describes what flags were given. */
export interface Given {
  /** The last value. */
  text(name: string): string | undefined;
  /** Every value. */
  texts(name: string): string[];
  /** Every value, those of lists with commas one by one. */
  list(name: string): string[];
  isTrue(name: string, otherwise: boolean): boolean;
}

/** A wrong command line, in the words of the program that it is for. */
export class FlagError extends Error {}

/** Describes how a library for flags says what is wrong. */
export interface FlagWords {
  unknown(written: string, name: string): string;
  needsValue(written: string, name: string): string;
  notBoolean(written: string, name: string, value: string): string;
  stray(operands: string[]): string;
}

/** Values of Go's booleans. */
const booleans: Record<string, boolean> = table({
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false])),
});

/** Reads `--name=value`, `--name value` and `--name`. @throws FlagError */
export function parseFlags(args: readonly string[], flags: Flags, words: FlagWords): Given {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name = '', value] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const written = word.split('=')[0]!;
    const type = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (!type) throw new FlagError(words.unknown(written, name));
    const said = value ?? (type === 'boolean' ? 'true' : rest.shift());
    if (said === undefined) throw new FlagError(words.needsValue(written, name));
    if (type === 'boolean' && !Object.hasOwn(booleans, said))
      throw new FlagError(words.notBoolean(written, name, said));
    values.set(name, [...(values.get(name) ?? []), said]);
  }
  if (operands.length) throw new FlagError(words.stray(operands));
  return {
    text: (name) => values.get(name)?.at(-1),
    texts: (name) => values.get(name) ?? [],
    list: (name) => (values.get(name) ?? []).flatMap((value) => value.split(',')).filter(Boolean),
    isTrue: (name, otherwise) => booleans[values.get(name)?.at(-1) ?? ''] ?? otherwise,
  };
}
