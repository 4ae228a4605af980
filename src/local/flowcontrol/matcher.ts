import type { Attributes } from '../../shared/auth/authorize.ts';
import type { User } from '../../shared/auth/user.ts';
import type {
  FlowcontrolV1Subject,
  FlowSchemaSpec,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
} from '../../shared/kinds/schema/types.ts';

/** Says whether a request is one of a flow schema's. */
export type Matcher = (asked: Attributes) => boolean;

/** Makes of the rules of a flow schema what a request is asked by: each look at a list is one at a set. */
export function matcherOf({ rules = [] }: FlowSchemaSpec): Matcher {
  return anyOf(rules.map(ruleMatcher));
}

function ruleMatcher({ subjects, resourceRules, nonResourceRules }: PolicyRulesWithSubjects): Matcher {
  const isSubject = anyOf((subjects ?? []).map(subjectMatcher));
  const isResource = anyOf((resourceRules ?? []).map(resourceMatcher));
  const isPath = anyOf((nonResourceRules ?? []).map(pathMatcher));
  return (asked) => isSubject(asked.user) && (asked.resource ? isResource(asked) : isPath(asked));
}

const accounts = 'system:serviceaccount:';

function subjectMatcher({
  kind,
  user,
  group,
  serviceAccount,
}: FlowcontrolV1Subject): (user: User) => boolean {
  if (kind === 'User' && user) return user.name === '*' ? always : ({ name }) => name === user.name;
  if (kind === 'Group' && group)
    return group.name === '*' ? always : (who) => who.groups.includes(group.name);
  if (kind !== 'ServiceAccount' || !serviceAccount) return never;
  const { namespace, name: account } = serviceAccount;
  const prefix = `${accounts}${namespace}:`;
  return account === '*'
    ? ({ name }) => name.startsWith(prefix)
    : ({ name }) => name === `${prefix}${account}`;
}

function resourceMatcher(rule: ResourcePolicyRule): Matcher {
  const isVerb = oneOf(rule.verbs);
  const isResource = oneOf(rule.resources);
  const isGroup = oneOf(rule.apiGroups);
  const isNamespace = oneOf(rule.namespaces);
  const { clusterScope = false } = rule;
  return ({ verb, resource, namespace }) =>
    isVerb(verb) &&
    isResource(
      resource?.subresource ? `${resource.plural}/${resource.subresource}` : (resource?.plural ?? ''),
    ) &&
    isGroup(resource?.group ?? '') &&
    (namespace ? isNamespace(namespace) : clusterScope);
}

function pathMatcher({ verbs, nonResourceURLs }: NonResourcePolicyRule): Matcher {
  const isVerb = oneOf(verbs);
  const isPath = anyOf((nonResourceURLs ?? []).map(urlMatcher));
  return ({ verb, path }) => isVerb(verb) && isPath(path);
}

/** A path stands for everything below it too, whether or not it ends in a star. */
function urlMatcher(url: string): (path: string) => boolean {
  if (url === '*') return always;
  const whole = url.endsWith('*') ? url.slice(0, -1) : url;
  const prefix = whole.endsWith('/') ? whole : `${whole}/`;
  return (path) => path === url || path.startsWith(prefix);
}

/** A star stands for all only where it stands alone. */
function oneOf(values: readonly string[] = []): (value: string) => boolean {
  if (values.length === 1 && values[0] === '*') return always;
  const set = new Set(values);
  return (value) => set.has(value);
}

const always = () => true;
const never = () => false;

const anyOf =
  <T>(matchers: readonly ((value: T) => boolean)[]) =>
  (value: T): boolean =>
    matchers.some((matches) => matches(value));
