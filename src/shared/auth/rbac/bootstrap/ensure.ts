import type { Client } from '../../../client/client.ts';
import { isReason } from '../../../errors/apiError.ts';
import { namespace } from '../../../kinds/core/v1/namespace/index.ts';
import type { Resource } from '../../../kinds/kind.ts';
import { clusterRole } from '../../../kinds/rbac.authorization.k8s.io/v1/clusterrole/index.ts';
import { clusterRoleBinding } from '../../../kinds/rbac.authorization.k8s.io/v1/clusterrolebinding/index.ts';
import { role } from '../../../kinds/rbac.authorization.k8s.io/v1/role/index.ts';
import { roleBinding } from '../../../kinds/rbac.authorization.k8s.io/v1/rolebinding/index.ts';
import type {
  ClusterRole,
  ClusterRoleBinding,
  Namespace,
  Role,
  RoleBinding,
} from '../../../kinds/schema/types.ts';
import type { KubeObject } from '../../../meta/object.ts';
import { bootstrapObjects } from './index.ts';
import { reconciledBinding, reconciledRole, type Step } from './reconcile.ts';

// Clients need to know of a kind where it is served, and no more.
const namespaces: Resource<Namespace> = namespace;
const clusterRoles: Resource<ClusterRole> = clusterRole;
const clusterRoleBindings: Resource<ClusterRoleBinding> = clusterRoleBinding;
const roles: Resource<Role> = role;
const roleBindings: Resource<RoleBinding> = roleBinding;

/** Writes what is missing of the roles and bindings that a cluster begins with, or of what they grant. */
export async function ensurePolicy(client: Client): Promise<void> {
  const places = new Set(bootstrapObjects.roles.map(({ metadata }) => metadata.namespace ?? ''));
  await Promise.all([...places].map((name) => ensureNamespace(client, name)));
  // Roles first: a binding without its role grants nothing, and says so in every refusal.
  await Promise.all([
    bring(client, clusterRoles, bootstrapObjects.clusterRoles, reconciledRole),
    bring(client, roles, bootstrapObjects.roles, reconciledRole),
  ]);
  await Promise.all([
    bring(client, clusterRoleBindings, bootstrapObjects.clusterRoleBindings, reconciledBinding),
    bring(client, roleBindings, bootstrapObjects.roleBindings, reconciledBinding),
  ]);
}

async function ensureNamespace(client: Client, name: string): Promise<void> {
  if (await client.get(namespaces, '', name)) return;
  await unlessSo(
    client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    'AlreadyExists',
  );
}

/** Takes the steps that lead from what is there to what is expected. */
export async function bring<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  expected: readonly T[],
  stepFor: (expected: T, existing: T | undefined) => Step<T> | undefined,
): Promise<void> {
  const keyOf = ({ metadata: { namespace = '', name } }: T) => `${namespace}/${name}`;
  const there = new Map((await client.list(resource)).map((object) => [keyOf(object), object]));
  const { group, version, kind } = resource;
  const steps = expected.flatMap((object) => {
    const typed = { apiVersion: `${group}/${version}`, kind, ...object };
    return stepFor(typed, there.get(keyOf(object))) ?? [];
  });
  for (let i = 0; i < steps.length; i += atOnce)
    await Promise.all(steps.slice(i, i + atOnce).map((step) => take(client, resource, step)));
}

/** How many writes are under way together. */
const atOnce = 32;

/** Somebody else may be as quick, with the same in mind. */
async function take<T extends KubeObject>(client: Client, resource: Resource<T>, { is, object }: Step<T>) {
  const { namespace: place = '', name = '' } = object.metadata;
  if (is === 'update') return unlessSo(client.update(resource, object), 'Conflict', 'NotFound');
  if (is === 'recreate') await unlessSo(client.delete(resource, place, name), 'NotFound');
  await unlessSo(client.create(resource, object), 'AlreadyExists');
}

async function unlessSo(work: Promise<unknown>, ...reasons: Parameters<typeof isReason>[1][]): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isReason(error, ...reasons)) throw error;
  }
}
