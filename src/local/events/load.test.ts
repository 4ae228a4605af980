import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadRules } from './index.ts';

const shared = 'test/support/aws/eventRules.yaml';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the file that test/infra deploys serves on a machine too, with the key beside it', async () => {
  const { rules, routes } = await loadRules(shared);
  expect(rules.map(({ name }) => name)).toEqual(['failed-deployments']);
  const route = routes.get('failed-deployments/issues')!;
  expect(route).toMatchObject({ url: 'https://example.org/hook', giveUpMs: 3_600_000 });
  expect(route.sign('m', Buffer.from(''), 0)).toHaveProperty('webhook-signature');
});

test.each([
  ['no file', undefined, undefined, /^--event-rules: ENOENT/],
  ['no rules', 'kind: Pod', undefined, /^--event-rules: .*: it is no EventRules/],
  [
    'no key',
    readFileSync(shared, 'utf8'),
    undefined,
    /^--event-rules: the key of failed-deployments\/issues: ENOENT/,
  ],
  [
    'a key that is none',
    readFileSync(shared, 'utf8'),
    'hunter2',
    /^--event-rules: .*eventRulesKey\.txt: a key is whsec_/,
  ],
])('with %s it says what to change', async (what, rules, key, why) => {
  const at = (name: string) => join(folder, `${what.replaceAll(' ', '-')}-${name}`);
  const file = at('rules.yaml');
  if (rules) writeFileSync(file, rules.replace('eventRulesKey.txt', at('eventRulesKey.txt')));
  if (key) writeFileSync(at('eventRulesKey.txt'), key);
  const refused = await loadRules(file).catch((error: Error) => error.message);
  expect(refused).toMatch(why);
  expect(refused).not.toContain('hunter2');
});
