import { nearest } from '../nearest.ts';
import type { Resource } from './discovery.ts';

/** One object, or all of a resource. */
export interface Target {
  resource: Resource;
  name?: string;
}

/**
 * Returns what `pods`, `svc,deploy`, `pod a b`, `deployment/web pod/x` or `all` mean. Names, short names and categories
 * are the server's. Throws in kubectl's words.
 */
export function targetsOf(words: string[], resources: Resource[]): Target[] {
  const [first, ...names] = words;
  if (first === undefined)
    throw new Error('You must specify the type of resource: see shallop api-resources');
  if (words.some((word) => word.includes('/'))) return words.map((word) => slashed(word, resources));
  const found = first.split(',').flatMap((word) => resourcesNamed(word, resources));
  if (names.length === 0) return found.map((resource) => ({ resource }));
  return found.flatMap((resource) => names.map((name) => ({ resource, name })));
}

/** Whether each type among the words is a resource's name, so that no category is meant, which may have got others. */
export function areNames([first = '', ...rest]: string[], resources: Resource[]): boolean {
  const words = [first, ...rest];
  const types = words.some((word) => word.includes('/'))
    ? words.map((word) => word.split('/')[0]!)
    : first.split(',');
  return types.every((type) => find(type.toLowerCase(), resources) !== undefined);
}

function slashed(word: string, resources: Resource[]): Target {
  const [type, name, ...rest] = word.split('/');
  if (rest.length) throw new Error('arguments in resource/name form may not have more than one slash');
  if (!name && !word.includes('/'))
    throw new Error(
      `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'shallop get resource/<resource_name>' instead of 'shallop get resource resource/<resource_name>'`,
    );
  if (!type || !name || type.includes(','))
    throw new Error('arguments in resource/name form must have a single resource and name');
  return { resource: resourceNamed(type, resources), name };
}

/** The resource of a plural, singular or short name, a kind, or one with its group: `deployments.apps`. */
export function resourceNamed(word: string, resources: Resource[]): Resource {
  const found = find(word.toLowerCase(), resources);
  if (found) return found;
  const near = nearest(word.toLowerCase(), [...new Set(resources.flatMap((r) => [r.plural, r.singular]))]);
  throw new Error(
    `the server doesn't have a resource type ${JSON.stringify(word)}${near ? `; did you mean "${near}"?` : ''}`,
  );
}

function find(word: string, resources: Resource[]): Resource | undefined {
  const [name = '', ...qualifier] = word.split('.');
  const rest = qualifier.join('.');
  const inGroup = (r: Resource) => !rest || r.group === rest || `${r.version}.${r.group}` === rest;
  const [exact, short] = [
    (r: Resource) => r.plural === name || r.singular === name,
    (r: Resource) => r.shortNames.includes(name),
  ];
  return resources.find((r) => inGroup(r) && exact(r)) ?? resources.find((r) => inGroup(r) && short(r));
}

/** A category stands for all its resources, once each. */
function resourcesNamed(word: string, resources: Resource[]): Resource[] {
  const inCategory = find(word.toLowerCase(), resources)
    ? []
    : resources.filter(({ categories, verbs }) => categories.includes(word) && verbs.includes('list'));
  if (inCategory.length === 0) return [resourceNamed(word, resources)];
  const seen = new Set<string>();
  return inCategory.filter(({ group, plural }) => {
    const key = `${group}/${plural}`;
    return !seen.has(key) && seen.add(key);
  });
}
