import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root, sources } from '../support/sources.ts';

/**
 * What people build on has doc comments. Names whose meaning is that of their type (see Kind, Controller, Rules) are
 * known to whoever has read that type, and need none.
 */
const rooms = ['ports', 'kinds', 'controllers', 'api'].map((room) => `src/shared/${room}`);
const known = /^(columns|validate(First|Status)?|plan|Plan|Observed|prepareFor\w+|\w+Defaults)$/;
const knownTypes = /^export const \w+: (Kind|Controller|Resource|Column)\b/;
const generated = 'src/shared/kinds/schema/types.ts';

const exported = /^export (?:abstract )?(?:async )?(?:const|function\*?|class|interface|type) (\w+)/;

function undocumentedIn(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const name = exported.exec(line)?.[1];
    if (!name || known.test(name) || knownTypes.test(line)) return [];
    let above = i - 1;
    while (lines[above]?.trimStart().startsWith('// biome-ignore')) above--;
    return lines[above]?.trimEnd().endsWith('*/') ? [] : [name];
  });
}

/** What has none yet, by file. It can only shrink. */
const missing = JSON.parse(readFileSync(join(root, 'test/structure/undocumented.json'), 'utf8')) as Record<
  string,
  string[]
>;
const found = new Map(
  rooms
    .flatMap((room) => sources(room))
    .filter(({ path }) => path !== generated)
    .map(({ path, text }) => [path, undocumentedIn(text)] as const),
);

test('what is exported has a doc comment', () => {
  const fresh = [...found].flatMap(([path, names]) =>
    names.filter((name) => !missing[path]?.includes(name)).map((name) => `${path}: ${name}`),
  );
  expect(fresh).toEqual([]);
});

test('what has got its doc comment, or is gone, is taken from undocumented.json', () => {
  const stale = Object.entries(missing).flatMap(([path, names]) =>
    names.filter((name) => !found.get(path)?.includes(name)).map((name) => `${path}: ${name}`),
  );
  expect(stale).toEqual([]);
});
