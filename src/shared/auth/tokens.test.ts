import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../clock/manualClock.ts';
import { tokenIssuer } from './tokens.ts';

const keyOf = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const request = {
  cluster: 'default',
  namespace: 'demo',
  serviceAccount: { name: 'app', uid: 'u1' },
  pod: { name: 'p', uid: 'u2' },
  expirationSeconds: 600,
};

test('a token speaks for its service account, in its cluster, until it expires', async () => {
  const clock = new ManualClock();
  const issuer = tokenIssuer(keyOf(), clock);
  const token = issuer.issue(request);
  expect(issuer.verify(token, 'default')).toMatchObject({
    name: 'system:serviceaccount:demo:app',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:demo'],
  });
  expect(issuer.verify(token, 'other')).toBeUndefined();
  await clock.advance(600_000);
  expect(issuer.verify(token, 'default')).toBeUndefined();
});

test.each([
  ['altered', (token: string) => token.replace(/\.[^.]+\./, (part) => `${part.slice(0, -2)}x.`)],
  ['unsigned', (token: string) => `${token.split('.').slice(0, 2).join('.')}.`],
  ['cut', (token: string) => token.slice(0, 40)],
  ['for another audience', () => undefined],
])('a token that is %s says nothing', (_why, spoil) => {
  const issuer = tokenIssuer(keyOf(), new ManualClock());
  const token = spoil(issuer.issue(request)) ?? issuer.issue({ ...request, audience: 'elsewhere' });
  expect(issuer.verify(token, 'default')).toBeUndefined();
  expect(issuer.verify(tokenIssuer(keyOf(), new ManualClock()).issue(request), 'default')).toBeUndefined();
});
