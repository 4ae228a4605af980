import { isFilled } from '../../bootstrap/marker/index.ts';
import type { Clock } from '../../clock/clock.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { compiled } from '../../storage/compiled/index.ts';
import { bootstrapObjects, bootstrapPolicy } from './bootstrap/index.ts';
import { type Policy, type PolicyObjects, policyOf } from './policy.ts';

/** Says where the RBAC objects are stored. */
const resources: Record<keyof PolicyObjects, string> = {
  clusterRoles: 'clusterroles.rbac.authorization.k8s.io',
  clusterRoleBindings: 'clusterrolebindings.rbac.authorization.k8s.io',
  roles: 'roles.rbac.authorization.k8s.io',
  roleBindings: 'rolebindings.rbac.authorization.k8s.io',
};
const parts = Object.keys(resources) as (keyof PolicyObjects)[];
/** Logical clusters whose policies are kept. */
const most = 1_000;

/** The policy of a logical cluster; `fresh`: with every change that has been acknowledged. */
export type PolicyIn = (cluster: string, fresh?: boolean) => Soon<Policy>;

interface Kept {
  objects: PolicyObjects;
  /** A promise of it until it has been made. */
  policy: Soon<Policy>;
  /** Milliseconds since the epoch. */
  looked: number;
}

/**
 * The policy of each logical cluster as it is stored, made anew when one of the four resources has changed. For
 * `trustedMs` after a look nobody looks again, unless a fresh policy is asked for.
 */
export function policiesIn(storage: Storage, clock: Clock, trustedMs = 0): PolicyIn {
  const readers = parts.map((part) => compiled(storage, resources[part], { read: parsed, build: listed }));
  const known = new Map<string, Kept>();
  const isOf = ({ objects }: Kept, lists: readonly unknown[]): boolean =>
    parts.every((part, i) => objects[part] === lists[i]);
  return (cluster, fresh = false) => {
    const before = known.get(cluster);
    const looked = clock.now();
    if (before && !fresh && looked - before.looked < trustedMs) return before.policy;
    const lists = readers.map((read) => read(cluster));
    if (!before || !isOf(before, lists)) return asOf(cluster, looked, lists);
    before.looked = looked;
    return before.policy;
  };

  async function asOf(cluster: string, looked: number, asked: Soon<KubeObject[]>[]): Promise<Policy> {
    const lists = await Promise.all(asked);
    const objects = Object.fromEntries(parts.map((part, i) => [part, lists[i]])) as unknown as PolicyObjects;
    const current = known.get(cluster);
    if (current && isOf(current, lists)) {
      current.looked = looked;
      return current.policy;
    }
    const policy = made(storage, cluster, objects);
    const kept: Kept = { objects, looked, policy };
    known.delete(cluster);
    known.set(cluster, kept);
    if (known.size > most) known.delete(known.keys().next().value!);
    policy.then(
      (each) => {
        kept.policy = each;
      },
      () => {
        if (known.get(cluster) === kept) known.delete(cluster);
      },
    );
    return policy;
  }
}

const decoder = new TextDecoder();
const parsed = ({ value }: Stored): KubeObject => JSON.parse(decoder.decode(value)) as KubeObject;
const listed = (entries: ReadonlyMap<string, KubeObject>): KubeObject[] => [...entries.values()];

/** While what a cluster begins with is not all written, the rest of it holds as if it were. */
async function made(storage: Storage, cluster: string, stored: PolicyObjects): Promise<Policy> {
  if (await isFilled(storage, cluster, 'rbac.authorization.k8s.io')) return policyOf(stored);
  if (parts.every((part) => stored[part].length === 0)) return bootstrapPolicy;
  return policyOf({
    clusterRoles: joined(stored.clusterRoles, bootstrapObjects.clusterRoles),
    clusterRoleBindings: joined(stored.clusterRoleBindings, bootstrapObjects.clusterRoleBindings),
    roles: joined(stored.roles, bootstrapObjects.roles),
    roleBindings: joined(stored.roleBindings, bootstrapObjects.roleBindings),
  });
}

function joined<T extends KubeObject>(stored: readonly T[], first: readonly T[]): T[] {
  const keyOf = ({ metadata: { namespace = '', name } }: T) => `${namespace}/${name}`;
  const there = new Set(stored.map(keyOf));
  return [...stored, ...first.filter((each) => !there.has(keyOf(each)))];
}
