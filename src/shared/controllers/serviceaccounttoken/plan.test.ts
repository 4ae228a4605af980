import { expect, test } from '@jest/globals';
import { makeTokenKey } from '../../auth/tokenKeys.ts';
import { tokenIssuer } from '../../auth/tokens.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import type { Secret } from '../../kinds/schema/types.ts';
import { accountOf, base64, type Plan, planFor, tokenType } from './plan.ts';

const issuer = tokenIssuer([makeTokenKey()], new ManualClock(), seededIds(1));
const serviceAccount = { name: 'app', uid: 'u1' };
const tokenOf = (cluster: string) =>
  base64(issuer.issue({ cluster, namespace: 'ns', serviceAccount, heldBy: 's', expirationSeconds: 0 }));
const own = { 'kubernetes.io/service-account.name': 'app', 'kubernetes.io/service-account.uid': 'u1' };
const [token, tokenOfBase] = [tokenOf('a'), tokenOf('base')];
const rest = { 'ca.crt': base64('ca'), namespace: base64('ns') };
const secretOf = (data?: Secret['data'], facts: Partial<Secret> = {}, annotations: object = own): Secret => ({
  type: tokenType,
  metadata: { namespace: 'ns', name: 's', uid: 'u9', annotations: { ...annotations } },
  ...(data && { data }),
  ...facts,
});
const account = { metadata: { namespace: 'ns', name: 'app', uid: 'u1' } };
const filled = (data: Secret['data'], lacksToken: boolean): Plan => ({ fill: secretOf(data), lacksToken });

test.each<[string, Secret, typeof account | undefined, Plan]>([
  [
    'filled when it is new',
    secretOf(undefined, {}, { 'kubernetes.io/service-account.name': 'app' }),
    account,
    filled(rest, true),
  ],
  ['kept as it is when it has everything', secretOf({ ...rest, token }), account, 'keep'],
  ['kept with a token of somebody', secretOf({ ...rest, token: base64('mine') }), account, 'keep'],
  ['given a token again', secretOf({ ...rest, token: '' }), account, filled({ ...rest, token: '' }, true)],
  [
    'given one of its own logical cluster',
    secretOf({ ...rest, token: tokenOfBase }),
    account,
    filled({ ...rest, token: tokenOfBase }, true),
  ],
  [
    'told other authorities',
    secretOf({ 'ca.crt': base64('old'), namespace: base64('ns'), token, own: 'b3du' }),
    account,
    filled({ ...rest, token, own: 'b3du' }, false),
  ],
  ['left alone when it may not change', secretOf({}, { immutable: true }), account, 'keep'],
  ['deleted without its account', secretOf({ ...rest, token }), undefined, 'delete'],
  [
    'deleted when its account was made anew',
    secretOf({ ...rest, token }),
    { metadata: { ...account.metadata, uid: 'u2' } },
    'delete',
  ],
])('a Secret is %s', (_, secret, of, plan) => {
  expect(planFor(secret, of, { cluster: 'a', clusterCa: 'ca' })).toEqual(plan);
});

test('other Secrets are of no account', () => {
  expect(accountOf(secretOf())).toBe('app');
  expect(accountOf(secretOf({}, { type: 'Opaque' }))).toBeUndefined();
});
