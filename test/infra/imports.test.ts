import { expect, test } from '@jest/globals';
import { importsOf, sources } from '../../tools/structure/sources.ts';

test('the app takes names, architectures, features, refusals, what is watched and the forms of access entries, audit policies and event rules from the product, and nothing else', () => {
  const taken = sources('infra').flatMap(({ text }) => importsOf(text).map(({ specifier }) => specifier));
  expect(taken.length).toBeGreaterThan(50);
  const ofProduct = taken
    .filter((specifier) => /\/(src|lambdas)\//.test(specifier))
    .map((specifier) => specifier.replace(/^[./]*/, ''));
  expect([...new Set(ofProduct)].sort()).toEqual([
    'src/aws/drivers/pods/architecture.ts',
    'src/aws/front/gatewayResponses.ts',
    'src/aws/iam/accessEntries.ts',
    'src/aws/names.ts',
    'src/aws/watched/index.ts',
    'src/shared/audit/parse.ts',
    'src/shared/events/rules.ts',
    'src/shared/events/targets.ts',
    'src/shared/kinds/features.ts',
    'src/shared/ports/names.ts',
  ]);
});
