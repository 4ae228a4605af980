import { table } from '../shared/meta/table.ts';
import { nearest } from './nearest.ts';
import { type Call, type Option, UsageError } from './verb.ts';

const help: Option = { type: 'boolean', short: 'h', help: '' };

/**
 * The words of a command line by the rules of kubectl's: options anywhere, `--name value` and `--name=value`, `-n value`
 * and `-nvalue`, several short flags in one word, `--flag=false`; everything after `--` is an operand.
 */
export function parseCall(words: string[], declared: Record<string, Option>): Call {
  const options: Record<string, Option> = table({ ...declared, help });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  let beforeDash: number | undefined;
  const put = (name: string, value: string) => {
    const { type, multiple } = options[name]!;
    if (type === 'boolean' && !/^(true|false)$/.test(value))
      throw new UsageError(`Option '--${name}' is true or false, not '${value}'`);
    values.set(name, multiple ? [...(values.get(name) ?? []), value] : [value]);
  };
  const rest = [...words];
  const operandOf = (name: string, asked: string): string => {
    const value = rest.shift();
    if (value === undefined) throw new UsageError(`Option '${asked}' needs a value: ${options[name]!.help}`);
    return value;
  };
  const long = (word: string) => {
    const [, asked, value] = /^--([^=]*)(?:=(.*))?$/s.exec(word)!;
    const name = asked!;
    const option = Object.hasOwn(options, name) ? options[name]! : unknown(`--${name}`, options);
    put(name, value ?? without(option) ?? operandOf(name, `--${name}`));
  };
  const shorts = (letters: string) => {
    for (let at = 0; at < letters.length; at++) {
      const asked = `-${letters[at]}`;
      const [name, option] =
        Object.entries(options).find(([, { short }]) => short === letters[at]) ?? unknown(asked, options);
      const following = letters.slice(at + 1);
      if (option.type === 'boolean' && !following.startsWith('=')) {
        put(name, 'true');
        continue;
      }
      return put(name, following ? following.replace(/^=/, '') : (without(option) ?? operandOf(name, asked)));
    }
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      beforeDash = positionals.length;
      positionals.push(...rest.splice(0));
    } else if (word.startsWith('--')) long(word);
    else if (word.startsWith('-') && word !== '-') shorts(word.slice(1));
    else positionals.push(word);
  }
  return {
    positionals,
    ...(beforeDash !== undefined && { beforeDash }),
    text: (name) => values.get(name)?.at(-1),
    texts: (name) => values.get(name) ?? [],
    flag: (name, otherwise = false) => (values.get(name)?.at(-1) ?? String(otherwise)) === 'true',
  };
}

/** Returns what an option means that is named without a value; undefined when it has to have one. */
const without = ({ type, bare }: Option): string | undefined => (type === 'boolean' ? 'true' : bare);

function unknown(asked: string, options: Record<string, Option>): never {
  const near = asked.startsWith('--') && nearest(asked.slice(2), Object.keys(options));
  throw new UsageError(`Unknown option '${asked}'${near ? `; did you mean '--${near}'?` : ''}`);
}
