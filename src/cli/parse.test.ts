import { describe, expect, test } from '@jest/globals';
import { nearest } from './nearest.ts';
import { parseCall } from './parse.ts';
import type { Option } from './verb.ts';

const options: Record<string, Option> = {
  output: { type: 'string', short: 'o', help: '' },
  filename: { type: 'string', short: 'f', multiple: true, help: '' },
  watch: { type: 'boolean', short: 'w', help: '' },
  all: { type: 'boolean', short: 'A', help: '' },
  'dry-run': { type: 'string', bare: 'client', help: '' },
  tail: { type: 'string', help: '' },
};

describe('a command line', () => {
  test.each<[string, string[], object]>([
    ['options stand anywhere', ['a', '-w', 'b', '-o', 'yaml'], { positionals: ['a', 'b'], output: 'yaml' }],
    ['a value may be joined', ['-oyaml'], { output: 'yaml' }],
    ['and with an equals sign', ['-o=yaml', '--tail=-1'], { output: 'yaml', tail: '-1' }],
    ['a value may look like an option', ['--tail', '-1'], { tail: '-1' }],
    ['several flags in one word', ['-wA', 'x'], { positionals: ['x'], watch: true, all: true }],
    ['the last of them may take a value', ['-Ao', 'json'], { all: true, output: 'json' }],
    ['a flag may be false', ['--watch=false'], { watch: false }],
    [
      'an option may stand without its value',
      ['--dry-run', 'x'],
      { 'dry-run': 'client', positionals: ['x'] },
    ],
    ['or with one', ['--dry-run=server'], { 'dry-run': 'server' }],
    ['files add up', ['-f', 'a', '--filename=b'], { filename: ['a', 'b'] }],
    ['of others the last counts', ['-o', 'a', '-o', 'b'], { output: 'b' }],
    ['a dash is an operand', ['-f', '-', '-'], { filename: ['-'], positionals: ['-'] }],
    ['everything after -- is', ['--', '-w', '--x'], { positionals: ['-w', '--x'], watch: false }],
  ])('%s', (_, words, expected) => {
    const call = parseCall(words, options);
    for (const [name, value] of Object.entries(expected)) {
      if (name === 'positionals') expect(call.positionals).toEqual(value);
      else if (Array.isArray(value)) expect(call.texts(name)).toEqual(value);
      else expect(typeof value === 'boolean' ? call.flag(name) : call.text(name)).toBe(value);
    }
  });

  test.each([
    [['--wach'], "Unknown option '--wach'; did you mean '--watch'?"],
    [['--nonsense'], "Unknown option '--nonsense'"],
    [['-x'], "Unknown option '-x'"],
    [['-o'], "Option '-o' needs a value"],
    [['--watch=maybe'], "Option '--watch' is true or false, not 'maybe'"],
  ])('%j is refused: %s', (words, message) => {
    expect(() => parseCall(words, options)).toThrow(message);
  });
});

test.each([
  ['pod', ['pods', 'nodes'], 'pods'],
  ['deplyoment', ['deployments', 'pods'], 'deployments'],
  ['xyz', ['deployments', 'pods'], undefined],
])('nearest to %s of %j is %s', (word, choices, best) => expect(nearest(word, choices)).toBe(best));
