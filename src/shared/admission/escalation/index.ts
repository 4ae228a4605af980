import type { Attributes, Authorizer } from '../../auth/authorize.ts';
import { missingRights, quotedList, rightsText, TooManyRights } from '../../auth/rbac/covers.ts';
import type { PolicyIn } from '../../auth/rbac/policies.ts';
import { masters } from '../../auth/user.ts';
import { ApiError } from '../../errors/apiError.ts';
import { notFound } from '../../errors/common.ts';
import type { ClusterRole, PolicyRule, RoleBinding, RoleRef } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';

export interface EscalationOptions {
  authorizer: Authorizer;
  policyIn: PolicyIn;
}

const group = 'rbac.authorization.k8s.io';
const roles = ['roles', 'clusterroles'];
const fullAuthority: PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/**
 * Nobody gives more than they have: who writes a role must hold all its rights or may `escalate` it, who binds one must
 * hold them or may `bind` it. Throws Forbidden; NotFound for a role that is bound and not there.
 */
export const escalation = (options: EscalationOptions): AdmissionPlugin => ({
  name: 'RBACEscalation',
  resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'].map(
    (plural) => `${plural}.${group}`,
  ),
  admit: async (admission) => {
    const { object, old, user, kind } = admission;
    if (!object || user.groups.includes(masters)) return false;
    if (old && isForGarbageCollection(object, old)) return false;
    if (roles.includes(kind.plural)) await checkRole(options, admission, object, old);
    else await checkBinding(options, admission, object as unknown as RoleBinding);
    return false;
  },
});

async function checkRole(
  options: EscalationOptions,
  admission: Admission,
  object: AnyObject,
  old?: AnyObject,
) {
  const { kind, operation } = admission;
  // A creation names nothing, so no rule for a certain name allows it.
  const name = operation === 'CREATE' ? '' : admission.name;
  if (await may(options, admission, 'escalate', { kind: kind.plural, name })) return;
  const role = object as unknown as ClusterRole;
  await checkHeld(options, admission, role.rules ?? []);
  // What it gathers may change at any time, so who sets the rule has to hold everything.
  if (!aggregates(role) && !aggregates(old as unknown as ClusterRole | undefined)) return;
  const { rules } = await heldBy(options, admission);
  if (missingOf(admission, admission.user.name, rules, fullAuthority).length === 0) return;
  throw refuse(admission, 'must have cluster-admin privileges to use the aggregationRule');
}

async function checkBinding(options: EscalationOptions, admission: Admission, { roleRef }: RoleBinding) {
  const { cluster, namespace } = admission;
  const plural = roleRef.kind === 'Role' ? 'roles' : roleRef.kind === 'ClusterRole' ? 'clusterroles' : '';
  if (plural && (await may(options, admission, 'bind', { kind: plural, name: roleRef.name }))) return;
  if (!plural)
    throw new ApiError('Unknown', `unsupported role reference kind: ${JSON.stringify(roleRef.kind)}`);
  const rules = (await options.policyIn(cluster, true)).rulesOf(roleRef, namespace);
  if (!rules) throw roleNotFound(admission, roleRef);
  await checkHeld(options, admission, rules);
}

/** Throws Forbidden that lists the rights which the user lacks. */
async function checkHeld(options: EscalationOptions, admission: Admission, wanted: readonly PolicyRule[]) {
  const { rules, error } = await heldBy(options, admission);
  const { name, groups } = admission.user;
  const who = `user ${JSON.stringify(name)} (groups=${quotedList(groups)})`;
  const missing = missingOf(admission, who, rules, wanted);
  if (missing.length === 0) return;
  const unknown = error ? `; resolution errors: [${error}]` : '';
  throw refuse(
    admission,
    `${who} is attempting to grant RBAC permissions not currently held:\n${rightsText(missing)}${unknown}`,
  );
}

function missingOf(admission: Admission, who: string, ...[held, wanted]: Parameters<typeof missingRights>) {
  try {
    return missingRights(held, wanted);
  } catch (error) {
    if (!(error instanceof TooManyRights)) throw error;
    throw refuse(admission, `${who} is attempting to grant more RBAC permissions than can be compared`);
  }
}

async function heldBy({ authorizer }: EscalationOptions, { cluster, user, namespace }: Admission) {
  const { resourceRules, nonResourceRules, evaluationError } = await authorizer.rules(
    cluster,
    user,
    namespace,
  );
  const rules: PolicyRule[] = [...resourceRules, ...nonResourceRules];
  return { rules, error: evaluationError };
}

async function may(
  { authorizer }: EscalationOptions,
  { cluster, user, namespace }: Admission,
  verb: string,
  { kind: plural, name }: { kind: string; name: string },
): Promise<boolean> {
  const attributes: Attributes = {
    cluster,
    user,
    verb,
    resource: { group, version: '*', plural },
    ...(namespace && { namespace }),
    ...(name && { name }),
    path: '',
  };
  return (await authorizer.decide(attributes)).allowed;
}

const aggregates = (role: ClusterRole | undefined): boolean =>
  !!role?.aggregationRule?.clusterRoleSelectors?.length;

/** Every user who may write may change finalizers and owners, so that objects of others can be deleted. */
const isForGarbageCollection = (object: AnyObject, old: AnyObject): boolean =>
  isSame(withoutOwnership(object), withoutOwnership(old));

const withoutOwnership = ({ metadata, ...rest }: AnyObject) => {
  const { finalizers: _finalizers, ownerReferences: _owners, managedFields: _fields, ...kept } = metadata;
  return { ...rest, metadata: kept };
};

function refuse({ kind, object }: Admission, why: string): ApiError {
  const { name = '' } = object?.metadata ?? {};
  const resource = `${kind.plural}.${group}`;
  return new ApiError('Forbidden', `${resource} ${JSON.stringify(name)} is forbidden: ${why}`, {
    details: { ...(name && { name }), group, kind: kind.plural },
  });
}

/** A real server says so of the resource that is written. */
const roleNotFound = ({ kind: { plural } }: Admission, { name }: RoleRef): ApiError =>
  notFound({ group, plural, name });
