import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readPlainYaml } from './plainYaml.ts';

/** What the library makes of a text; a text that is none has no value. */
function known(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const words = [
  ...[
    'a: ',
    'b:',
    'c: x',
    'd: {}',
    'e: []',
    'f: "q: #"',
    'g: true',
    'h: null',
    'i: 12',
    'j: 1e5',
    'k: x:',
    'a:b',
  ],
  ...[
    'l: |',
    'm: &n x',
    'o: *n',
    'p: x #y',
    'null: x',
    'constructor: x',
    'q: --region',
    'r: -',
    's: "\\n"',
    't: ~',
  ],
  ...[
    'u: a b',
    'x',
    '"x"',
    '---',
    '#',
    '# x: y',
    'v: https://a:1/b=',
    'w: [a]',
    'y: yes',
    'true: x',
    'z: Null',
    '',
  ],
];
const line = fc
  .tuple(
    fc.nat(5),
    fc.array(fc.constantFrom('- ', '-  ', '-', ' '), { maxLength: 2 }),
    fc.constantFrom(...words),
  )
  .map(([indent, dashes, word]) => `${' '.repeat(indent)}${dashes.join('')}${word}`);

test('what it reads is what the library reads', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const text = lines.join('\n');
      const read = readPlainYaml(text);
      if (read !== undefined) expect(read).toEqual(known(text));
    }),
    { numRuns: 5_000 },
  );
});

const plain = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('x', 'https://127.0.0.1:6443', 'LS0tLS1CRUdJTg==', true, false),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('name', 'user', 'client-key-data', 'exec', 'args'), tie('node')),
  ),
})).node;

test.each([
  ['the library', true],
  ['kubectl', false],
])('it reads kubeconfigs as %s writes them', (_, indentSeq) => {
  fc.assert(
    fc.property(
      fc.record({ apiVersion: fc.constant('v1'), clusters: fc.array(plain), users: plain }),
      (value) => {
        expect(readPlainYaml(stringify(value, { indentSeq, lineWidth: 0 }))).toEqual(value);
      },
    ),
  );
});
