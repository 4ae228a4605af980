import { Failure } from '../../../verb.ts';
import { kindName, type Resource } from '../../discovery.ts';
import type { KubeObject } from '../../objects.ts';
import type { Scene } from '../../scene.ts';
import { headOf, listOf, type Make, nameIn } from './made.ts';

const group = 'rbac.authorization.k8s.io';
const version = `${group}/v1`;

const usualVerbs = [
  ...['*', 'get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy', 'deletecollection'],
  ...['use', 'bind', 'escalate', 'impersonate'],
];
const pathVerbs = ['*', 'get', 'post', 'put', 'delete', 'patch', 'head', 'options'];

const policies = ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'];
const rolesAndClusterRoles = [`roles.${group}`, `clusterroles.${group}`];
const users = ['users', 'serviceaccounts', 'groups', 'userextras.authentication.k8s.io'];
/** Verbs that only mean something for these. */
const special: ReadonlyMap<string, string[]> = new Map([
  ['use', policies],
  ['bind', rolesAndClusterRoles],
  ['escalate', rolesAndClusterRoles],
  ['impersonate', users],
]);

/** `role NAME --verb=… --resource=…`. */
export const role: Make = async (scene, words) => {
  const object = headOf(version, 'Role', nameIn(words));
  const verbs = verbsOf(scene);
  const resources = resourcesOf(scene);
  if (!verbs.length) throw new Error('at least one verb must be specified');
  tellStrange(scene, verbs);
  if (!resources.length) throw new Error('at least one resource must be specified');
  return { object: { ...object, rules: await rulesOf(scene, verbs, resources) } };
};

/** The same for all namespaces, with paths that are no resources, or put together of others. */
export const clusterRole: Make = async (scene, words) => {
  const object = headOf(version, 'ClusterRole', nameIn(words));
  const verbs = verbsOf(scene);
  const resources = resourcesOf(scene);
  const paths = unique(listOf(scene, 'non-resource-url'));
  const aggregated = listOf(scene, 'aggregation-rule').map((pair) => pair.split('=') as [string, string]);
  if (aggregated.length) {
    if (paths.length || verbs.length || resources.length || scene.call.texts('resource-name').length)
      throw new Error(
        'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
      );
    const matchLabels = Object.fromEntries(aggregated);
    return {
      object: { ...object, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] }, rules: null },
    };
  }
  if (!verbs.length) throw new Error('at least one verb must be specified');
  if (!resources.length && !paths.length)
    throw new Error('one of resource or nonResourceURL must be specified');
  if (resources.length) tellStrange(scene, verbs);
  const rules = resources.length ? await rulesOf(scene, verbs, resources) : [];
  if (paths.length) {
    checkPaths(verbs, paths);
    rules.push({ nonResourceURLs: paths, verbs });
  }
  return { object: { ...object, rules } };
};

const unique = (texts: string[]): string[] => [...new Set(texts)];

function verbsOf(scene: Scene): string[] {
  const verbs = unique(listOf(scene, 'verb'));
  return verbs.includes('*') ? ['*'] : verbs;
}

function tellStrange({ io }: Scene, verbs: string[]): void {
  for (const verb of verbs)
    if (!usualVerbs.includes(verb)) io.err(`Warning: '${verb}' is not a standard resource verb`);
}

function checkPaths(verbs: string[], paths: string[]): void {
  const wrong = verbs.find((verb) => !pathVerbs.includes(verb));
  if (wrong) throw new Error(`invalid verb: '${wrong}' for nonResourceURL`);
  for (const path of paths) {
    if (path === '*') continue;
    if (!path.startsWith('/')) throw new Error('nonResourceURL should start with /');
    if (path.slice(0, -1).includes('*'))
      throw new Error("nonResourceURL only supports wildcard matches when '*' is at the end");
  }
}

interface Asked {
  resource: string;
  group: string;
  sub: string;
}

/** Reads `deployments.apps/scale`; a lone `*` is everything. */
function resourcesOf(scene: Scene): Asked[] {
  const found: Asked[] = [];
  for (const word of listOf(scene, 'resource')) {
    const [name = '', ...subs] = word.split('/');
    const [resource = '', ...groups] = name.split('.');
    const one = { resource, group: groups.join('.'), sub: subs.join('/') };
    if (word === '*') return [one];
    found.push(one);
  }
  return found;
}

/** One rule for each group, as the server calls it. */
async function rulesOf(scene: Scene, verbs: string[], asked: Asked[]): Promise<object[]> {
  const known = await scene.resources();
  const byGroup = new Map<string, string[]>();
  for (const one of asked) {
    if (!one.resource) throw new Error('resource must be specified if apiGroup/subresource specified');
    const found = foundFor(one, known);
    const name = found?.plural ?? one.resource;
    const within = found?.group ?? one.group;
    if (one.resource !== '*') checkVerbs(verbs, name, within, Boolean(found), one);
    const full = one.sub ? `${name}/${one.sub}` : name;
    byGroup.set(within, unique([...(byGroup.get(within) ?? []), full]));
  }
  const resourceNames = unique(scene.call.texts('resource-name'));
  return [...byGroup]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([within, resources]) => ({
      apiGroups: [within],
      ...(resourceNames.length && { resourceNames }),
      resources,
      verbs,
    }));
}

function foundFor({ resource, group: within }: Asked, known: Resource[]): Resource | undefined {
  const isNamed = (each: Resource) =>
    [each.plural, each.singular, ...each.shortNames].includes(resource.toLowerCase());
  return known.find(
    (each) => isNamed(each) && (!within || each.group === within || each.group.startsWith(within)),
  );
}

function checkVerbs(verbs: string[], name: string, within: string, isKnown: boolean, asked: Asked): void {
  const full = kindName({ kind: name, group: within });
  let isSpecial = false;
  for (const verb of verbs) {
    const only = special.get(verb);
    if (only && !only.includes(full))
      throw new Error(`can not perform '${verb}' on '${name}' in group '${within}'`);
    isSpecial ||= Boolean(only);
  }
  if (isKnown || isSpecial) return;
  const where = asked.group ? ` in group ${JSON.stringify(asked.group)}` : '';
  throw new Failure(`the server doesn't have a resource type ${JSON.stringify(asked.resource)}${where}`);
}

/** `rolebinding NAME --role=… --user=…`. */
export const roleBinding: Make = ({ call }, words) => {
  const object = headOf(version, 'RoleBinding', nameIn(words));
  const [own, cluster] = [call.text('role'), call.text('clusterrole')];
  if (Boolean(own) === Boolean(cluster))
    throw new Error('exactly one of clusterrole or role must be specified');
  const roleRef = { apiGroup: group, kind: own ? 'Role' : 'ClusterRole', name: own || cluster };
  return { object: { ...object, roleRef, ...subjectsOf(call) }, failed: 'failed to create rolebinding:' };
};

/** `clusterrolebinding NAME --clusterrole=… --user=…`. */
export const clusterRoleBinding: Make = ({ call }, words) => {
  const object = headOf(version, 'ClusterRoleBinding', nameIn(words));
  const name = call.text('clusterrole');
  if (name === undefined) throw new Error('required flag(s) "clusterrole" not set');
  const roleRef = { apiGroup: group, kind: 'ClusterRole', name };
  return {
    object: { ...object, roleRef, ...subjectsOf(call) },
    failed: 'failed to create clusterrolebinding:',
  };
};

function subjectsOf(call: Scene['call']): Partial<KubeObject> {
  const named = (kind: string) => (name: string) => ({ apiGroup: group, kind, name });
  const accounts = call.texts('serviceaccount').map((text) => {
    const [namespace, name, ...rest] = text.split(':');
    if (!namespace || !name || rest.length) throw new Error('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name, namespace };
  });
  const subjects = [
    ...call.texts('user').map(named('User')),
    ...call.texts('group').map(named('Group')),
    ...accounts,
  ];
  return subjects.length ? { subjects } : {};
}
