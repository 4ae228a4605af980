import { expect, test } from '@jest/globals';
import { ManualClock } from '../clock/manualClock.ts';
import { rememberedTokens } from './rememberedTokens.ts';

test('a good token is checked once in ten seconds, a bad one every time', async () => {
  const clock = new ManualClock();
  const checked: string[] = [];
  const verify = rememberedTokens((token, cluster, audience = '') => {
    checked.push(`${token} ${cluster} ${audience}`.trim());
    return token === 'good' ? { name: cluster, groups: [] } : undefined;
  }, clock);
  for (const token of ['good', 'bad', 'good', 'bad']) await verify(token, 'a');
  expect(checked).toEqual(['good a', 'bad a', 'bad a']);
  expect(await verify('good', 'b')).toMatchObject({ name: 'b' });
  await verify('good', 'a', 'vault');
  await clock.advance(10_000);
  await verify('good', 'a');
  expect(checked.slice(3)).toEqual(['good b', 'good a vault', 'good a']);
});
