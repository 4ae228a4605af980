import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123SubdomainProblems, pathSegmentProblems } from '../../../../meta/names.ts';
import type { ClusterRoleBinding, RoleBinding, RoleRef, Subject } from '../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';

const group = 'rbac.authorization.k8s.io';
const subjectKinds = ['ServiceAccount', 'User', 'Group'];

type Binding = RoleBinding | ClusterRoleBinding;

/** A RoleBinding, which is namespaced, or a ClusterRoleBinding. */
export function validBinding({ roleRef, subjects }: Binding, old: Binding | undefined, namespaced: boolean) {
  const causes = validRoleRef(roleRef, namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']);
  (subjects ?? []).forEach((subject, i) => {
    causes.push(...validSubject(`subjects[${i}]`, subject, namespaced));
  });
  if (old && !isSameRole(roleRef, old.roleRef))
    causes.push(invalidValue('roleRef', shown(roleRef), 'cannot change roleRef'));
  return causes;
}

function validRoleRef({ apiGroup, kind, name }: RoleRef, kinds: string[]): Cause[] {
  const causes: Cause[] = [];
  if (apiGroup !== group) causes.push(notSupported('roleRef.apiGroup', apiGroup ?? '', [group]));
  if (!kinds.includes(kind)) causes.push(notSupported('roleRef.kind', kind ?? '', kinds));
  return name
    ? [...causes, ...checked('roleRef.name', name, pathSegmentProblems)]
    : [...causes, required('roleRef.name')];
}

function validSubject(field: string, subject: Subject, namespaced: boolean): Cause[] {
  const { kind, apiGroup = '', name, namespace } = subject;
  const causes = name ? [] : [required(`${field}.name`)];
  const mustBeIn = (wanted: string) => {
    if (apiGroup !== wanted) causes.push(notSupported(`${field}.apiGroup`, apiGroup, [wanted]));
  };
  if (kind === 'ServiceAccount') {
    if (name) causes.push(...checked(`${field}.name`, name, dns1123SubdomainProblems));
    mustBeIn('');
    if (!namespaced && !namespace) causes.push(required(`${field}.namespace`));
  } else if (kind === 'User' || kind === 'Group') mustBeIn(group);
  else causes.push(notSupported(`${field}.kind`, kind ?? '', subjectKinds));
  return causes;
}

const isSameRole = (one: RoleRef, other: RoleRef) =>
  one.apiGroup === other.apiGroup && one.kind === other.kind && one.name === other.name;

/** Under the names that Kubernetes uses inside, as its finding shows it. */
const shown = ({ apiGroup, kind, name }: RoleRef) => ({ APIGroup: apiGroup, Kind: kind, Name: name });
