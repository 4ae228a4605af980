import { expect, test } from '@jest/globals';
import { sources } from '../../tools/structure/sources.ts';

const rooms = ['ports', 'kinds', 'controllers', 'api'].map((room) => `src/shared/${room}`);
const skipped = /\/testing\/|schema\/types\.ts$/;
/** Names whose meaning is that of their type or of their place: the docs of Kind, Controller and Rules explain them. */
const known = /^(columns|validate(First|Status)?|plan|Plan|Observed|prepareFor\w+|\w+Defaults)$/;
const knownTypes = /^export const \w+: (Kind|Controller|Resource|Column)\b/;
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

test('what ports, kinds, controllers and the API export has a doc comment', () => {
  const bare = rooms
    .flatMap((room) => sources(room))
    .filter(({ path }) => !skipped.test(path))
    .flatMap(({ path, text }) => undocumentedIn(text).map((name) => `${path}: ${name}`));
  expect(bare).toEqual([]);
});
