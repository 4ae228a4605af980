import type { Clock } from '../../clock/clock.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { bootstrapObjects, bootstrapPolicy } from './bootstrap/index.ts';
import { isFilled, type Marked } from './bootstrap/marker.ts';
import { type Policy, type PolicyObjects, policyOf } from './policy.ts';

/** Where the RBAC objects are stored. */
const resources: Record<keyof PolicyObjects, string> = {
  clusterRoles: 'clusterroles.rbac.authorization.k8s.io',
  clusterRoleBindings: 'clusterrolebindings.rbac.authorization.k8s.io',
  roles: 'roles.rbac.authorization.k8s.io',
  roleBindings: 'rolebindings.rbac.authorization.k8s.io',
};
const parts = Object.keys(resources) as (keyof PolicyObjects)[];
/** Head of a resource that was never written. */
const unwritten = '1';
/** Logical clusters whose policies are kept. */
const most = 1_000;

type Looked = Pick<Storage, 'head' | 'list'> & Marked;
type Heads = Record<keyof PolicyObjects, string>;

interface Kept {
  heads: Heads;
  /** What was parsed for them, so that a change of one resource reads that one again only. */
  objects?: Promise<PolicyObjects>;
  policy: Promise<Policy>;
  /** Milliseconds since the epoch. */
  looked: number;
}

/** The policy of a logical cluster; `fresh`: with every change that has been acknowledged. */
export type PolicyIn = (cluster: string, fresh?: boolean) => Promise<Policy>;

/**
 * The policy of each logical cluster as it is stored, compiled anew when the head of one of the four resources has
 * moved. For `trustedMs` after a look nobody looks again, unless a fresh policy is asked for.
 */
export function policiesIn(storage: Looked, clock: Clock, trustedMs = 0): PolicyIn {
  const known = new Map<string, Kept>();
  return async (cluster, fresh = false) => {
    const before = known.get(cluster);
    if (before && !fresh && clock.now() - before.looked < trustedMs) return before.policy;
    const looked = clock.now();
    const heads = await headsIn(storage, cluster);
    const current = known.get(cluster);
    if (current && isAt(current.heads, heads)) {
      current.looked = looked;
      return current.policy;
    }
    const kept = compiled(storage, cluster, heads, looked, current);
    known.delete(cluster);
    known.set(cluster, kept);
    if (known.size > most) known.delete(known.keys().next().value!);
    kept.policy.catch(() => {
      if (known.get(cluster) === kept) known.delete(cluster);
    });
    return kept.policy;
  };
}

async function headsIn(storage: Looked, cluster: string): Promise<Heads> {
  const heads = await Promise.all(parts.map((part) => storage.head(cluster, resources[part])));
  return Object.fromEntries(parts.map((part, i) => [part, heads[i]!])) as Heads;
}

const isAt = (one: Heads, other: Heads) => parts.every((part) => one[part] === other[part]);

function compiled(storage: Looked, cluster: string, heads: Heads, looked: number, before?: Kept): Kept {
  if (parts.every((part) => heads[part] === unwritten))
    return { heads, looked, policy: Promise.resolve(bootstrapPolicy) };
  const objects = readObjects(storage, cluster, heads, before);
  return {
    heads,
    looked,
    objects,
    policy: objects.then((all) => whole(storage, cluster, all)).then(policyOf),
  };
}

async function readObjects(
  storage: Looked,
  cluster: string,
  heads: Heads,
  before?: Kept,
): Promise<PolicyObjects> {
  const earlier = await before?.objects?.catch(() => undefined);
  const read = async (part: keyof PolicyObjects) =>
    earlier && before?.heads[part] === heads[part]
      ? earlier[part]
      : (await storage.list({ cluster, resource: resources[part] })).items.map(parsed);
  const lists = await Promise.all(parts.map(read));
  return Object.fromEntries(parts.map((part, i) => [part, lists[i]])) as unknown as PolicyObjects;
}

const decoder = new TextDecoder();
const parsed = ({ value }: Stored): KubeObject => JSON.parse(decoder.decode(value)) as KubeObject;

/** While what a cluster begins with is not all written, the rest of it holds as if it were. */
async function whole(storage: Looked, cluster: string, stored: PolicyObjects): Promise<PolicyObjects> {
  if (await isFilled(storage, cluster)) return stored;
  return {
    clusterRoles: joined(stored.clusterRoles, bootstrapObjects.clusterRoles),
    clusterRoleBindings: joined(stored.clusterRoleBindings, bootstrapObjects.clusterRoleBindings),
    roles: joined(stored.roles, bootstrapObjects.roles),
    roleBindings: joined(stored.roleBindings, bootstrapObjects.roleBindings),
  };
}

function joined<T extends KubeObject>(stored: readonly T[], first: readonly T[]): T[] {
  const keyOf = ({ metadata: { namespace = '', name } }: T) => `${namespace}/${name}`;
  const there = new Set(stored.map(keyOf));
  return [...stored, ...first.filter((each) => !there.has(keyOf(each)))];
}
