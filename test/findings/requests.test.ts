import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAuthority } from '../../src/local/pki/make.ts';
import { clientPair, selfSignedClient } from '../support/environment.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { type Ask, askOf } from './ask.ts';

/** What a server answered otherwise than Kubernetes does, asked over HTTPS. */

const configMaps = '/api/v1/namespaces/default/configmaps';
const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

let plane: Plane;
let ask: Ask;
beforeAll(async () => {
  plane = await openPlane('requests');
  await plane.start('--runtime', 'fake');
  ask = askOf(plane);
});
afterAll(() => plane.close());

test.each([
  ['/healthz/constructor', 403],
  ['/healthz/__proto__', 403],
])('A7: nobody is told %s', async (path, status) => {
  expect((await ask(`GET ${path}`, { client: null })).status).toBe(status);
});

test.each([
  ['/constructor', 404],
  ['/valueOf', 404],
  [`${configMaps}?fieldSelector=constructor=x`, 400],
])('A7: GET %s is answered with %i', async (path, status) => {
  expect((await ask(`GET ${path}`)).status).toBe(status);
});

test('A7: 160,000 bad labels are refused', async () => {
  const labels = Object.fromEntries(Array.from({ length: 160_000 }, (_, i) => [`!${i}`, '']));
  expect((await ask(`POST ${configMaps}`, { body: { metadata: { name: 'a', labels } } })).status).toBe(422);
});

test('A8: an extra without a user is a bad request, and with one it is acted with', async () => {
  const extra = { 'impersonate-extra-team': 'red' };
  expect((await ask(`GET ${configMaps}`, { headers: extra })).status).toBe(400);
  const headers = { ...extra, 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' };
  expect((await ask(`POST ${reviews}`, { headers, body: {} })).json.status.userInfo).toMatchObject({
    username: 'bob',
    extra: { team: ['red'] },
  });
});

test('A9: strangers are not told which logical clusters there are', async () => {
  const made = { metadata: { name: 'red' } };
  expect((await ask('POST /apis/shallop.dev/v1/logicalclusters', { body: made })).status).toBe(201);
  const answers = ['red', 'nowhere'].map((name) => ask(`GET /clusters/${name}/version`, { client: null }));
  const [there, elsewhere] = await Promise.all(answers);
  expect([there!.status, there!.text]).toEqual([elsewhere!.status, elsewhere!.text]);
});

test.each([
  ['of another authority', async () => clientPair(await makeAuthority(Date.now()), 'admin', [])],
  ['that signed itself', () => selfSignedClient('admin')],
])('A9: a client certificate %s is no anonymous caller', async (_, make) => {
  const { certificate: cert, key } = await make();
  expect((await ask(`GET ${configMaps}`, { client: { cert, key } })).status).toBe(401);
});

test('B9: an integer beyond 2^53 keeps its digits', async () => {
  const body = '{"metadata":{"name":"large"},"data":{},"revision":3546343826724305832}';
  const answer = await ask('POST /apis/apps/v1/namespaces/default/controllerrevisions', { body });
  expect(answer.text).toContain('"revision":3546343826724305832');
});

test('B15: a token has an id, a review tells it, and the keys are published', async () => {
  const account = '/api/v1/namespaces/default/serviceaccounts/default';
  const { token } = (await ask(`POST ${account}/token`, { body: { spec: {} } })).json.status;
  const { jti } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  expect(jti).toMatch(/^[0-9a-f-]{36}$/);
  const tokenReviews = '/apis/authentication.k8s.io/v1/tokenreviews';
  const reviewed = await ask(`POST ${tokenReviews}`, { body: { spec: { token } } });
  expect(reviewed.json.status.user.extra['authentication.kubernetes.io/credential-id']).toEqual([
    `JTI=${jti}`,
  ]);
  expect((await ask('GET /.well-known/openid-configuration')).status).toBe(200);
  expect((await ask('GET /openid/v1/jwks')).json.keys).toHaveLength(1);
});

test('B17: unknown and repeated fields are told in the order of the text', async () => {
  const body = '{"foo":1,"metadata":{"name":"a","name":"b"}}';
  const { json } = await ask(`POST ${configMaps}?fieldValidation=Strict`, { body });
  expect(json.message).toMatch(/unknown field "foo", duplicate field "metadata.name"$/);
});

test('B18: a Pod is accepted in a Namespace that has just been made', async () => {
  const statuses = [];
  for (let n = 0; n < 8; n++) {
    await ask('POST /api/v1/namespaces', { body: { metadata: { name: `new-${n}` } } });
    const spec = { containers: [{ name: 'c', image: 'i' }] };
    const body = { metadata: { name: 'p' }, spec };
    statuses.push((await ask(`POST /api/v1/namespaces/new-${n}/pods`, { body })).status);
  }
  expect(statuses).toEqual(Array(8).fill(201));
});
