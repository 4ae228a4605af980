import type { Step } from '../../../bootstrap/bring.ts';
import type {
  AggregationRule,
  ClusterRole,
  ClusterRoleBinding,
  LabelSelector,
  Role,
  RoleBinding,
} from '../../../kinds/schema/types.ts';
import { isSame } from '../../../kinds/validation/same.ts';
import { missingRights } from '../covers.ts';

type AnyRole = ClusterRole | Role;
type AnyBinding = ClusterRoleBinding | RoleBinding;

const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate';

/** Returns whether somebody keeps a real server's start from putting the object right. */
const isProtected = ({ metadata }: AnyRole | AnyBinding) => metadata.annotations?.[autoUpdate] === 'false';

/** Adds rights that are missing; whatever else the role has been given stays. */
export function reconciledRole<T extends AnyRole>(expected: T, existing: T | undefined): Step<T> | undefined {
  if (!existing) return { is: 'create', object: expected };
  if (isProtected(existing)) return undefined;
  const object: T = {
    ...existing,
    metadata: merged(expected, existing),
    rules: [...(existing.rules ?? []), ...missingRights(existing.rules ?? [], expected.rules ?? [])],
  };
  const aggregation = reconciledAggregation(expected, existing);
  if (aggregation) Object.assign(object, { aggregationRule: aggregation });
  else if ('aggregationRule' in object) delete object.aggregationRule;
  return isSame(object, existing) ? undefined : { is: 'update', object };
}

function reconciledAggregation(expected: AnyRole, existing: AnyRole): AggregationRule | undefined {
  const wanted = selectorsOf(expected);
  if (!wanted) return undefined;
  const there = selectorsOf(existing) ?? [];
  const missing = wanted.filter((each) => !there.some((known) => isSame(known, each)));
  return { clusterRoleSelectors: [...there, ...missing] };
}

const selectorsOf = (role: AnyRole): LabelSelector[] | undefined =>
  'aggregationRule' in role ? role.aggregationRule?.clusterRoleSelectors : undefined;

/** Adds subjects that are missing. What is bound cannot be changed, so another role takes another binding. */
export function reconciledBinding<T extends AnyBinding>(
  expected: T,
  existing: T | undefined,
): Step<T> | undefined {
  if (!existing) return { is: 'create', object: expected };
  if (isProtected(existing)) return undefined;
  if (!isSame(expected.roleRef, existing.roleRef)) return { is: 'recreate', object: expected };
  const there = existing.subjects ?? [];
  const missing = (expected.subjects ?? []).filter((each) => !there.some((known) => isSame(known, each)));
  const object: T = { ...existing, metadata: merged(expected, existing), subjects: [...there, ...missing] };
  return isSame(object, existing) ? undefined : { is: 'update', object };
}

/** Labels and annotations that are expected, under those that are there. */
function merged<T extends AnyRole | AnyBinding>(expected: T, existing: T): T['metadata'] {
  const joined: T['metadata'] = { ...existing.metadata };
  for (const part of ['labels', 'annotations'] as const)
    if (expected.metadata[part]) joined[part] = { ...expected.metadata[part], ...existing.metadata[part] };
  return joined;
}
