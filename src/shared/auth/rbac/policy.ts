import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../kinds/schema/types.ts';
import type { Attributes, Decision } from '../authorize.ts';
import type { User } from '../user.ts';
import { type RuleSet, ruleSet } from './ruleSet.ts';
import { describedSubject, keysOf, subjectKey } from './subjects.ts';

/** The RBAC objects of one logical cluster. */
export interface PolicyObjects {
  clusterRoles: readonly ClusterRole[];
  clusterRoleBindings: readonly ClusterRoleBinding[];
  roles: readonly Role[];
  roleBindings: readonly RoleBinding[];
}

/** Answers questions about them; never changes. */
export interface Policy {
  decide(attributes: Attributes): Decision;
  /** All rules that hold for a user in a namespace (empty: in the whole cluster), and what roles could not be found. */
  rulesFor(user: User, namespace: string): { rules: PolicyRule[]; errors: string[] };
  /** The rules of a role that a binding in `namespace` names; undefined when it is not there. */
  rulesOf(role: RoleRef, namespace: string): readonly PolicyRule[] | undefined;
}

/** A binding, found by one of its subjects. */
interface Grant {
  binding: ClusterRoleBinding | RoleBinding;
  subject: Subject;
  /** Empty for the whole cluster. */
  namespace: string;
}

type Grants = Map<string, Grant[]>;

export function policyOf(objects: PolicyObjects): Policy {
  const roles = rolesIn(objects);
  const everywhere = grantsOf(objects.clusterRoleBindings, '');
  const within = byNamespace(objects.roleBindings);
  const grantsFor = (user: User, namespace: string): Grant[] => {
    const keys = keysOf(user);
    const local = namespace ? within.get(namespace) : undefined;
    return [...held(everywhere, keys), ...(local ? held(local, keys) : [])];
  };
  return {
    decide: (attributes) => {
      const errors: string[] = [];
      for (const grant of grantsFor(attributes.user, attributes.namespace ?? '')) {
        const rules = roles(grant.binding.roleRef, grant.namespace);
        if (!rules) errors.push(notFoundText(grant.binding.roleRef));
        else if (rules.allows(attributes))
          return { allowed: true, reason: `RBAC: allowed by ${described(grant)}` };
      }
      return { allowed: false, ...(errors.length && { reason: `RBAC: ${aggregate(errors)}` }) };
    },
    rulesFor: (user, namespace) => {
      const found = grantsFor(user, namespace).map(({ binding, namespace: place }) => ({
        rules: roles(binding.roleRef, place)?.rules,
        roleRef: binding.roleRef,
      }));
      return {
        rules: found.flatMap(({ rules }) => rules ?? []),
        errors: found.flatMap(({ rules, roleRef }) => (rules ? [] : [notFoundText(roleRef)])),
      };
    },
    rulesOf: (role, namespace) => roles(role, namespace)?.rules,
  };
}

/** Finds roles by reference; their rules are compiled when they are first asked for. */
function rolesIn({ clusterRoles, roles }: PolicyObjects) {
  const found = new Map<string, ClusterRole | Role>();
  for (const each of clusterRoles) found.set(`/${each.metadata.name}`, each);
  for (const each of roles) found.set(`${each.metadata.namespace}/${each.metadata.name}`, each);
  const compiled = new Map<string, RuleSet>();
  return ({ kind, name }: RoleRef, namespace: string): RuleSet | undefined => {
    const key = `${kind === 'Role' ? namespace : ''}/${name}`;
    const known = compiled.get(key);
    if (known) return known;
    const role = found.get(key);
    if (!role) return undefined;
    const set = ruleSet(role.rules ?? []);
    compiled.set(key, set);
    return set;
  };
}

function grantsOf(bindings: readonly (ClusterRoleBinding | RoleBinding)[], namespace: string): Grants {
  const grants: Grants = new Map();
  for (const binding of bindings) {
    for (const subject of binding.subjects ?? []) {
      const key = subjectKey(subject, namespace);
      if (key === undefined) continue;
      const before = grants.get(key);
      if (before) before.push({ binding, subject, namespace });
      else grants.set(key, [{ binding, subject, namespace }]);
    }
  }
  return grants;
}

function byNamespace(bindings: readonly RoleBinding[]): Map<string, Grants> {
  const grouped = Map.groupBy(bindings, ({ metadata }) => metadata.namespace ?? '');
  return new Map([...grouped].map(([namespace, each]) => [namespace, grantsOf(each, namespace)]));
}

/** Each binding once, though several of its subjects may be this user. */
function held(grants: Grants, keys: readonly string[]): Grant[] {
  const found = keys.flatMap((key) => grants.get(key) ?? []);
  if (found.length < 2) return found;
  return [...new Map(found.map((grant) => [grant.binding, grant])).values()];
}

function described({ binding, subject, namespace }: Grant): string {
  const { roleRef, metadata } = binding;
  const name = namespace ? `${metadata.name}/${namespace}` : metadata.name;
  const kind = namespace ? 'RoleBinding' : 'ClusterRoleBinding';
  const role = `${roleRef.kind} ${JSON.stringify(roleRef.name)}`;
  return `${kind} ${JSON.stringify(name)} of ${role} to ${describedSubject(subject, namespace)}`;
}

/** In the words of a real server, which names the kind and not the resource here. */
export const notFoundText = ({ kind, name }: RoleRef): string =>
  `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`;

/** Several errors as one text, each once. */
export function aggregate(errors: readonly string[]): string {
  const unique = [...new Set(errors)];
  return unique.length === 1 ? unique[0]! : `[${unique.join(', ')}]`;
}
