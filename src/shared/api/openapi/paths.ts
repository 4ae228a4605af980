/** The paths of one kind and the operations on them. */
import type { Kind, Verb } from '../../kinds/kind.ts';
import { typeNameOf, typeOf } from '../../kinds/schema/facts.ts';
import { body, operation, type Place, patchBody, type Spoken } from './operations.ts';
import {
  deleting,
  lists,
  logging,
  nameInPath,
  namespaceInPath,
  patching,
  pretty,
  writing,
} from './parameters.ts';

/** Is a path of an OpenAPI document: its operations by method, and the parameters that they share. */
export type PathItem = Record<string, unknown>;

/** Describes what of a Kind the documents show. */
export type DescribedKind = Pick<
  Kind,
  | 'group'
  | 'version'
  | 'kind'
  | 'plural'
  | 'namespaced'
  | 'verbs'
  | 'schema'
  | 'subresources'
  | 'virtual'
  | 'deleteAnswers'
>;

/** Types that operations speak besides the kinds' own. */
export const commonTypes = ['DeleteOptions', 'Patch', 'Status'];

/** Returns the path below which a group and version is served: `/api/v1`, `/apis/apps/v1`. */
export const rootOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group ? `/apis/${group}/${version}` : `/api/${version}`;

const modelOf = (goType: string): string => typeOf(goType).model;

/** Returns the paths of a kind: the collection, the collection over all namespaces, the object, its subresources. */
export function pathsOf(kind: DescribedKind): [string, PathItem][] {
  const root = rootOf(kind);
  const collection = kind.namespaced
    ? `${root}/namespaces/{namespace}/${kind.plural}`
    : `${root}/${kind.plural}`;
  const inCollection = [...(kind.namespaced ? [namespaceInPath] : []), pretty];
  const inObject = [nameInPath, ...inCollection];
  const paths: [string, PathItem][] = [[collection, { ...collectionItem(kind), parameters: inCollection }]];
  if (kind.namespaced && kind.verbs.includes('list')) {
    const get = listing({ kind, overAll: true });
    paths.push([`${root}/${kind.plural}`, { get, parameters: [pretty] }]);
  }
  const object = objectItem({ kind }, kind.verbs, own(kind));
  if (Object.keys(object).length > 0)
    paths.push([`${collection}/{name}`, { ...object, parameters: inObject }]);
  for (const { name, item } of subresources(kind)) {
    paths.push([`${collection}/{name}/${name}`, { ...item, parameters: inObject }]);
  }
  return paths;
}

const own = ({ group, version, kind, schema }: DescribedKind): Spoken => ({
  group,
  version,
  kind,
  model: schema.model,
});

const listing = (place: Place) =>
  operation(place, 'list', own(place.kind), {
    parameters: lists,
    answer: place.kind.schema.listModel ?? place.kind.schema.model,
  });

function collectionItem(kind: DescribedKind): PathItem {
  const { verbs } = kind;
  const { model } = kind.schema;
  const place = { kind };
  const item: PathItem = {};
  if (verbs.includes('list')) item.get = listing(place);
  if (verbs.includes('create'))
    item.post = operation(place, 'post', own(kind), {
      parameters: writing,
      body: body(model),
      answer: model,
    });
  if (verbs.includes('deletecollection')) {
    const parameters = [
      ...lists.filter(({ name }) => name !== 'watch' && name !== 'allowWatchBookmarks'),
      ...deleting,
    ];
    const options = body(modelOf('DeleteOptions'), false);
    item.delete = operation(place, 'deletecollection', own(kind), {
      parameters,
      body: options,
      answer: modelOf('Status'),
    });
  }
  return item;
}

function objectItem(place: Place, verbs: Verb[], spoken: Spoken): PathItem {
  const { model } = spoken;
  const write = { parameters: writing, body: body(model), answer: model };
  const item: PathItem = {};
  if (verbs.includes('get')) item.get = operation(place, 'get', spoken, { answer: model });
  if (verbs.includes('create') && place.subresource) item.post = operation(place, 'post', spoken, write);
  if (verbs.includes('update')) item.put = operation(place, 'put', spoken, write);
  if (verbs.includes('patch'))
    item.patch = operation(place, 'patch', spoken, {
      parameters: patching,
      body: patchBody(!!place.kind.schema.goType),
      answer: model,
    });
  if (verbs.includes('delete'))
    item.delete = operation(place, 'delete', spoken, {
      parameters: deleting,
      body: body(modelOf('DeleteOptions'), false),
      answer: place.kind.deleteAnswers === 'object' ? model : modelOf('Status'),
    });
  return item;
}

function subresources(kind: DescribedKind): { name: string; item: PathItem }[] {
  const { status, scale, others = [] } = kind.subresources ?? {};
  const changing: Verb[] = ['get', 'update', 'patch'];
  const found: { name: string; item: PathItem }[] = [];
  if (status)
    found.push({ name: 'status', item: objectItem({ kind, subresource: 'status' }, changing, own(kind)) });
  if (scale) {
    const spoken = { group: 'autoscaling', version: 'v1', kind: 'Scale', model: modelOf('Scale') };
    found.push({ name: 'scale', item: objectItem({ kind, subresource: 'scale' }, changing, spoken) });
  }
  for (const { name, group, version, kind: spokenKind, verbs } of others) {
    const type = typeNameOf(group, version, spokenKind);
    if (!type) continue;
    const spoken = { group, version, kind: spokenKind, model: modelOf(type) };
    const place = { kind, subresource: name };
    if (name === 'log') {
      const get = operation(place, 'get', spoken, { parameters: logging, answer: 'text' });
      found.push({ name, item: { get } });
      continue;
    }
    found.push({ name, item: objectItem(place, verbs, spoken) });
  }
  return found;
}

/** Types that the subresources speak. */
export const spokenTypes = (kind: DescribedKind): string[] => {
  const { scale, others = [] } = kind.subresources ?? {};
  const types = others.map((o) => typeNameOf(o.group, o.version, o.kind));
  return [...(scale ? ['Scale'] : []), ...types.filter((t) => t !== undefined)];
};
