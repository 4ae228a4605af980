import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems } from '../../../../meta/names.ts';
import type {
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
} from '../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validSubject } from './subjects.ts';

/** Returns what is wrong with the subjects and the requests that a flow schema names. */
export function validRule(at: string, rule: PolicyRulesWithSubjects): Cause[] {
  const { subjects, resourceRules = [], nonResourceRules = [] } = rule;
  const causes = subjects?.length
    ? subjects.flatMap((subject, i) => validSubject(`${at}.subjects[${i}]`, subject))
    : [required(`${at}.subjects`, 'subjects must contain at least one value')];
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    causes.push(required(at, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  return [
    ...causes,
    ...resourceRules.flatMap((each, i) => validResourceRule(`${at}.resourceRules[${i}]`, each)),
    ...nonResourceRules.flatMap((each, i) => validNonResourceRule(`${at}.nonResourceRules[${i}]`, each)),
  ];
}

function validResourceRule(at: string, rule: ResourcePolicyRule): Cause[] {
  const { verbs, apiGroups, resources, namespaces, clusterScope = false } = rule;
  return [
    ...validVerbs(`${at}.verbs`, verbs ?? []),
    ...someOrAll(
      `${at}.apiGroups`,
      apiGroups ?? [],
      'api groups',
      'resource rules must supply at least one api group',
    ),
    ...someOrAll(
      `${at}.resources`,
      resources ?? [],
      'resources',
      'resource rules must supply at least one resource',
    ),
    ...validNamespaces(`${at}.namespaces`, namespaces ?? [], clusterScope),
  ];
}

const all = '*';
const verbsKnown = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'proxy',
  'update',
  'watch',
];

function validVerbs(field: string, verbs: readonly string[]): Cause[] {
  if (verbs.length === 0) return [required(field, 'verbs must contain at least one value')];
  if (verbs.includes(all))
    return verbs.length > 1
      ? [invalidValue(field, verbs, "if '*' is present, must not specify other verbs")]
      : [];
  return verbs.every((verb) => verbsKnown.includes(verb)) ? [] : [notSupported(field, verbs, verbsKnown)];
}

function someOrAll(field: string, values: readonly string[], what: string, hint: string): Cause[] {
  if (values.length === 0) return [required(field, hint)];
  return values.length > 1 && values.includes(all)
    ? [invalidValue(field, values, `if '*' is present, must not specify other ${what}`)]
    : [];
}

const noNamespace = 'resource rules that are not cluster scoped must supply at least one namespace';
const memberRule = "each member of this list must be '*' or a DNS-1123 label; ";

function validNamespaces(field: string, namespaces: readonly string[], clusterScope: boolean): Cause[] {
  if (namespaces.length === 0) return clusterScope ? [] : [required(field, noNamespace)];
  if (namespaces.includes(all)) return someOrAll(field, namespaces, 'namespaces', '');
  return namespaces.flatMap((name, i) =>
    dns1123LabelProblems(name).map((why) => invalidValue(`${field}[${i}]`, name, memberRule + why)),
  );
}

function validNonResourceRule(at: string, { verbs, nonResourceURLs }: NonResourcePolicyRule): Cause[] {
  const field = `${at}.nonResourceURLs`;
  const paths = nonResourceURLs ?? [];
  return [
    ...validVerbs(`${at}.verbs`, verbs ?? []),
    ...someOrAll(field, paths, 'non-resource URLs', 'nonResourceURLs must contain at least one value'),
    ...(paths.includes(all) ? [] : paths.flatMap((path, i) => validPath(`${field}[${i}]`, path))),
  ];
}

function validPath(field: string, path: string): Cause[] {
  const invalid = (why: string) => [invalidValue(field, path, why)];
  if (path === '') return invalid('must not be empty');
  if (path === '/') return [];
  if (!path.startsWith('/')) return invalid('must start with slash');
  if (path.includes(' ')) return invalid('must not contain white-space');
  if (path.includes('//')) return invalid('must not contain double slash');
  const stars = path.split(all).length - 1;
  return stars > 1 || (stars === 1 && !path.endsWith('/*'))
    ? invalid('wildcard can only do suffix matching')
    : [];
}
