import { bootstrapObjects } from '../auth/rbac/bootstrap/index.ts';
import { reconciledBinding, reconciledRole } from '../auth/rbac/bootstrap/reconcile.ts';
import type { Client } from '../client/client.ts';
import { namespace } from '../kinds/core/v1/namespace/index.ts';
import type { Resource } from '../kinds/kind.ts';
import { clusterRole } from '../kinds/rbac.authorization.k8s.io/v1/clusterrole/index.ts';
import { clusterRoleBinding } from '../kinds/rbac.authorization.k8s.io/v1/clusterrolebinding/index.ts';
import { role } from '../kinds/rbac.authorization.k8s.io/v1/role/index.ts';
import { roleBinding } from '../kinds/rbac.authorization.k8s.io/v1/rolebinding/index.ts';
import type { ClusterRole, ClusterRoleBinding, Namespace, Role, RoleBinding } from '../kinds/schema/types.ts';
import { bring, unlessSo } from './bring.ts';

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
