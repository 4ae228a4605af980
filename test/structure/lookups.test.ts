import { expect, test } from '@jest/globals';
import { sources } from '../../tools/structure/sources.ts';

/** A table that is looked up by a string finds `constructor` and `__proto__` too, unless it has nothing but own entries. */
const banned: { pattern: RegExp; instead: string }[] = [
  { pattern: /const \w+: (?:Record<string,.*>|Verbs) = \{/, instead: 'table({ … })' },
  {
    pattern: /(?<!for \((?:const|let) )\b(?<![.'"`])[a-z][\w.]* in [a-z][\w.?()]*/,
    instead: 'Object.hasOwn',
  },
  {
    pattern:
      /\b(?:labels|annotations|matchLabels|data|limits|requests|parameters)\)?!?(?:\?\.)?\[(?:key|name|what|field|path)\b/,
    instead: 'ownValue(map, key)',
  },
];

/** Keys that come from the same map, or from a constant. */
const known = [
  /^\s*description: /,
  /for \(const \w+ in /,
  /Object\.(keys|hasOwn)\(/,
  /\.map\(\(key\) => /,
  /labelCauses|labelValueProblems/,
];
const exceptions = new Set([
  'src/shared/api/write/metadata.ts',
  'src/shared/meta/names.ts',
  'src/cli/kube/describe/generic.ts',
]);

test('A7: nothing is looked up by a foreign key in a plain object', () => {
  const found = sources('src').flatMap(({ path, text }) =>
    exceptions.has(path)
      ? []
      : text.split('\n').flatMap((line, at) => {
          const code = line
            .replace(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''")
            .replace(/(?:^\s*\*|\/\/|\/\*).*$/, '');
          if (known.some((pattern) => pattern.test(code))) return [];
          return banned
            .filter(({ pattern }) => pattern.test(code))
            .map(({ instead }) => `${path}:${at + 1}: ${line.trim()} (use ${instead})`);
        }),
  );
  expect(found).toEqual([]);
});
