import { describe, expect, test } from '@jest/globals';
import { bearerToken, clientCertificate, firstOf } from '../../auth/authenticate.ts';
import type { Attributes } from '../../auth/authorize.ts';
import { testServer } from '../testing/testingServer.ts';

const authorization = '/apis/authorization.k8s.io/v1';
const resourceAttributes = { verb: 'get', resource: 'pods', namespace: 'default' };

async function asked(path: string, body: object) {
  const asked: Attributes[] = [];
  const server = await testServer({
    authorizer: {
      decide: (attributes) => {
        asked.push(attributes);
        return { allowed: attributes.user.name !== 'mallory' };
      },
      rules: () => ({ resourceRules: [], nonResourceRules: [] }),
    },
  });
  const answer = await server.send(`POST ${path}`, { body });
  return { ...answer, about: asked.at(-1) };
}

describe('access reviews', () => {
  test.each([
    { user: 'jane', allowed: true },
    { user: 'mallory', allowed: false },
  ])('a SubjectAccessReview about $user asks the authoriser about $user', async ({ user, allowed }) => {
    const spec = { user, groups: ['dev'], resourceAttributes };
    const { status, json, about } = await asked(`${authorization}/subjectaccessreviews`, { spec });
    expect(status).toBe(201);
    expect(json.status).toEqual({ allowed });
    expect(about).toMatchObject({ user: { name: user, groups: ['dev'] }, verb: 'get', namespace: 'default' });
  });

  test('a local one is about its namespace', async () => {
    const path = `${authorization}/namespaces/default/localsubjectaccessreviews`;
    const good = await asked(path, { spec: { user: 'jane', resourceAttributes } });
    expect(good.json).toMatchObject({ metadata: { namespace: 'default' }, status: { allowed: true } });
    const elsewhere = { ...resourceAttributes, namespace: 'other' };
    const bad = await asked(path, { spec: { user: 'jane', resourceAttributes: elsewhere } });
    expect(bad.json).toMatchObject({
      code: 422,
      message:
        '.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
    });
    expect((await asked(`${authorization}/localsubjectaccessreviews`, {})).status).toBe(404);
  });

  test('one about nobody and nothing is invalid in both', async () => {
    const { json } = await asked(`${authorization}/subjectaccessreviews`, {});
    expect(json.details.causes.map(({ field }: { field: string }) => field)).toEqual([
      'spec.resourceAttributes',
      'spec.user',
    ]);
  });

  test('rules are asked for a namespace', async () => {
    const { json } = await asked(`${authorization}/selfsubjectrulesreviews`, {});
    expect(json).toMatchObject({ code: 400, message: 'no namespace on request' });
  });
});

describe('a TokenReview', () => {
  const api = 'https://kubernetes.default.svc.cluster.local';
  /** A token is its audiences. */
  const review = async (spec: object, tried: string[] = []) => {
    const verify = (token: string, _cluster: string, audience = api) => {
      tried.push(audience);
      const audiences = token.split('+');
      return audiences.includes(audience)
        ? { name: 'jane', uid: 'u1', groups: ['dev'], audiences }
        : undefined;
    };
    const { send } = await testServer({ authenticate: firstOf(clientCertificate, bearerToken(verify)) });
    return (await send('POST /apis/authentication.k8s.io/v1/tokenreviews', { body: { spec } })).json;
  };

  test('says whose token it is', async () => {
    expect((await review({ token: api })).status).toEqual({
      authenticated: true,
      user: { username: 'jane', uid: 'u1', groups: ['dev', 'system:authenticated'] },
      audiences: [api],
    });
  });

  test('names only the audiences that the token was made for', async () => {
    const { status } = await review({ token: 'vault+db', audiences: ['db', 'other', 'vault'] });
    expect(status).toMatchObject({ authenticated: true, audiences: ['db', 'vault'] });
  });

  test.each([
    { token: 'nonsense', audiences: undefined },
    { token: api, audiences: ['vault'] },
    { token: 'vault', audiences: undefined },
  ])('does not know $token for $audiences', async (spec) => {
    expect((await review(spec)).status).toEqual({ user: {}, error: 'invalid bearer token' });
  });

  test('is verified for few of very many audiences', async () => {
    const audiences = Array.from({ length: 50_000 }, (_, i) => `a${i}`);
    const tried: string[] = [];
    expect((await review({ token: 'nonsense', audiences }, tried)).status.authenticated).toBeUndefined();
    expect(tried).toEqual(audiences.slice(0, 100));
    const good = await review({ token: 'a1+a40000+b', audiences: [...audiences, 'a1'] });
    expect(good.status.audiences).toEqual(['a1', 'a40000']);
  });

  test('needs a token', async () => {
    const message = 'token is required for TokenReview in authentication';
    expect(await review({})).toMatchObject({ code: 400, message });
  });
});
