import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Storage } from '../../ports/storage.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import type { Attributes } from '../authorize.ts';
import { rbacAuthorizer } from './authorizer.ts';
import { bootstrapPolicy } from './bootstrap/index.ts';
import { policiesIn } from './policies.ts';

const group = 'rbac.authorization.k8s.io';
const listPods: Attributes = {
  cluster: 'default',
  user: { name: 'jane', groups: ['system:authenticated'] },
  verb: 'list',
  resource: { group: '', version: 'v1', plural: 'pods' },
  namespace: 'dev',
  path: '',
};
const role = {
  metadata: { name: 'reader', namespace: 'dev' },
  rules: [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }],
};
const binding = {
  metadata: { name: 'reader', namespace: 'dev' },
  subjects: [{ kind: 'User', apiGroup: group, name: 'jane' }],
  roleRef: { apiGroup: group, kind: 'Role', name: 'reader' },
};

function setUp(trustedMs = 0) {
  const clock = new ManualClock();
  const memory = openMemoryStorage({ clock });
  const asked: string[] = [];
  const storage: Storage = new Proxy(memory, {
    get: (inner, name: keyof Storage) => {
      const found = inner[name];
      if (typeof found !== 'function') return found;
      return (...args: Parameters<typeof found>) => {
        asked.push(name);
        return Reflect.apply(found, inner, args);
      };
    },
  });
  const keyOf = (plural: string, { metadata: { namespace = '', name = '' } }: KubeObject) => ({
    cluster: 'default',
    resource: `${plural}.${group}`,
    namespace,
    name,
  });
  const write = (plural: string, object: KubeObject) =>
    memory.create(keyOf(plural, object), () => Buffer.from(JSON.stringify(object)));
  const remove = async (plural: string, object: KubeObject) => {
    const stored = (await memory.get(keyOf(plural, object)))!;
    await memory.delete(stored.key, stored.revision, () => Buffer.from('{}'));
  };
  const policyIn = policiesIn(storage, clock, trustedMs);
  const may = async (attributes = listPods) => (await rbacAuthorizer(policyIn).decide(attributes)).allowed;
  return { clock, asked, write, remove, policyIn, may };
}

test('a right counts from the moment it is written until it is removed', async () => {
  const { write, remove, may } = setUp();
  expect(await may()).toBe(false);
  await write('roles', role);
  await write('rolebindings', binding);
  expect(await may()).toBe(true);
  await remove('rolebindings', binding);
  expect(await may()).toBe(false);
});

test('while nothing is written only heads are asked for, and afterwards nothing is listed again', async () => {
  const { asked, write, may } = setUp();
  await write('roles', role);
  await write('rolebindings', binding);
  expect(await may()).toBe(true);
  asked.length = 0;
  expect(await may()).toBe(true);
  expect(new Set(asked)).toEqual(new Set(['head']));
  await write('rolebindings', { ...binding, metadata: { name: 'other', namespace: 'dev' } });
  expect(await may()).toBe(true);
  expect(asked).not.toContain('list');
});

test('where heads are trusted, a right counts at once and its withdrawal after that time', async () => {
  const { asked, clock, write, remove, may } = setUp(1_000);
  expect(await may()).toBe(false);
  await write('roles', role);
  await write('rolebindings', binding);
  expect(await may()).toBe(true);
  asked.length = 0;
  await remove('rolebindings', binding);
  expect(await may()).toBe(true);
  expect(asked).toEqual([]);
  await clock.advance(1_000);
  expect(await may()).toBe(false);
});

test('a decision that is at hand is never older than the last write', async () => {
  const { policyIn, write, remove } = setUp();
  const authorizer = rbacAuthorizer(policyIn);
  await write('roles', role);
  await write('rolebindings', binding);
  expect((await authorizer.decide(listPods)).allowed).toBe(true);
  expect(authorizer.decide(listPods)).toMatchObject({ allowed: true });
  await remove('rolebindings', binding);
  expect((await authorizer.decide(listPods)).allowed).toBe(false);
  await write('rolebindings', binding);
  await remove('roles', role);
  expect((await authorizer.decide(listPods)).allowed).toBe(false);
});

test('clusters that nobody wrote to share the policy that all begin with', async () => {
  const { policyIn } = setUp();
  expect(await policyIn('default')).toBe(bootstrapPolicy);
  expect(await policyIn('other')).toBe(bootstrapPolicy);
});

test('while what a cluster begins with is half written, all of it holds', async () => {
  const { write, may } = setUp();
  const discovery: Attributes = { cluster: 'default', user: listPods.user, verb: 'get', path: '/api' };
  await write('roles', role);
  expect(await may(discovery)).toBe(true);
});

test('system:masters may do everything and cost no look', async () => {
  const { asked, may } = setUp();
  expect(await may({ ...listPods, user: { name: 'root', groups: ['system:masters'] } })).toBe(true);
  expect(asked).toEqual([]);
});
