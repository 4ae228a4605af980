/** The paths of one kind and the operations on them. */
import type { Kind, Verb } from '../../kinds/kind.ts';
import { findType, typeNameOf, typeOf } from '../../kinds/schema/facts.ts';
import {
  deleting,
  listing,
  nameInPath,
  namespaceInPath,
  type Parameter,
  patching,
  pretty,
  writing,
} from './parameters.ts';
import { reference } from './schemas.ts';

export type PathItem = Record<string, unknown>;

/** What of a Kind the documents show. */
export type DescribedKind = Pick<
  Kind,
  'group' | 'version' | 'kind' | 'plural' | 'namespaced' | 'verbs' | 'type' | 'subresources' | 'virtual'
>;

/** Types that operations speak besides the kinds' own. */
export const commonTypes = ['DeleteOptions', 'Patch', 'Status'];

export const rootOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group ? `/apis/${group}/${version}` : `/api/${version}`;

/** The list type of a kind, if it has one: reviews have none. */
export const listTypeOf = ({ type }: DescribedKind): string | undefined =>
  findType(`${type}List`) ? `${type}List` : undefined;

export function pathsOf(kind: DescribedKind): [string, PathItem][] {
  const root = rootOf(kind);
  const collection = kind.namespaced
    ? `${root}/namespaces/{namespace}/${kind.plural}`
    : `${root}/${kind.plural}`;
  const inCollection = [...(kind.namespaced ? [namespaceInPath] : []), pretty];
  const inObject = [nameInPath, ...inCollection];
  const paths: [string, PathItem][] = [[collection, { ...collectionItem(kind), parameters: inCollection }]];
  if (kind.namespaced && kind.verbs.includes('list')) {
    paths.push([
      `${root}/${kind.plural}`,
      { ...pick(kind, ['list'], collectionItem(kind)), parameters: [pretty] },
    ]);
  }
  const object = objectItem(kind, kind.verbs, own(kind));
  if (Object.keys(object).length > 0)
    paths.push([`${collection}/{name}`, { ...object, parameters: inObject }]);
  for (const { name, item } of subresources(kind)) {
    paths.push([`${collection}/{name}/${name}`, { ...item, parameters: inObject }]);
  }
  return paths;
}

/** The kind an operation speaks, which need not be that of the resource. */
interface Spoken {
  group: string;
  version: string;
  kind: string;
  type: string;
}

const own = ({ group, version, kind, type }: DescribedKind): Spoken => ({ group, version, kind, type });

function collectionItem(kind: DescribedKind): PathItem {
  const spoken = own(kind);
  const list = listTypeOf(kind) ?? kind.type;
  return pick(kind, ['list', 'create', 'deletecollection'], {
    get: operation('list', spoken, listing, list),
    post: { ...operation('post', spoken, writing, kind.type), requestBody: body(kind.type) },
    delete: {
      ...operation(
        'deletecollection',
        spoken,
        [...listing.filter((p) => p.name !== 'watch'), ...deleting],
        'Status',
      ),
      requestBody: body('DeleteOptions', false),
    },
  });
}

const methodOf: Record<string, string> = { list: 'get', create: 'post', deletecollection: 'delete' };

function pick(kind: DescribedKind, verbs: Verb[], item: PathItem): PathItem {
  const methods = verbs.filter((v) => kind.verbs.includes(v)).map((v) => methodOf[v]!);
  return Object.fromEntries(Object.entries(item).filter(([method]) => methods.includes(method)));
}

function objectItem(kind: DescribedKind, verbs: Verb[], spoken: Spoken): PathItem {
  const item: PathItem = {};
  if (verbs.includes('get')) item.get = operation('get', spoken, [], spoken.type);
  if (verbs.includes('create') && spoken.type !== kind.type) {
    item.post = { ...operation('post', spoken, writing, spoken.type), requestBody: body(spoken.type) };
  }
  if (verbs.includes('update')) {
    item.put = { ...operation('put', spoken, writing, spoken.type), requestBody: body(spoken.type) };
  }
  if (verbs.includes('patch')) {
    item.patch = { ...operation('patch', spoken, patching, spoken.type), requestBody: patchBody };
  }
  if (verbs.includes('delete')) {
    item.delete = {
      ...operation('delete', spoken, deleting, 'Status'),
      requestBody: body('DeleteOptions', false),
    };
  }
  return item;
}

function subresources(kind: DescribedKind): { name: string; item: PathItem }[] {
  const { status, scale, others = [] } = kind.subresources ?? {};
  const changing: Verb[] = ['get', 'update', 'patch'];
  const found: { name: string; item: PathItem }[] = [];
  if (status) found.push({ name: 'status', item: objectItem(kind, changing, own(kind)) });
  if (scale) {
    const spoken = { group: 'autoscaling', version: 'v1', kind: 'Scale', type: 'Scale' };
    found.push({ name: 'scale', item: objectItem(kind, changing, spoken) });
  }
  for (const { name, group, version, kind: spokenKind, verbs } of others) {
    const type = typeNameOf(group, version, spokenKind);
    if (type) found.push({ name, item: objectItem(kind, verbs, { group, version, kind: spokenKind, type }) });
  }
  return found;
}

/** Types that the subresources speak. */
export const spokenTypes = (kind: DescribedKind): string[] => {
  const { scale, others = [] } = kind.subresources ?? {};
  const types = others.map((o) => typeNameOf(o.group, o.version, o.kind));
  return [...(scale ? ['Scale'] : []), ...types.filter((t) => t !== undefined)];
};

function operation(
  action: string,
  { group, version, kind }: Spoken,
  parameters: Parameter[],
  type: string,
): PathItem {
  return {
    ...(parameters.length > 0 && { parameters }),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: refTo(type) } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, kind, version },
  };
}

const refTo = (type: string) => reference(typeOf(type).model);

const body = (type: string, required = true): object => ({
  content: { '*/*': { schema: refTo(type) } },
  ...(required && { required: true }),
});

const patchTypes = ['json-patch+json', 'merge-patch+json', 'strategic-merge-patch+json'];
const patchBody = {
  content: Object.fromEntries(patchTypes.map((t) => [`application/${t}`, { schema: refTo('Patch') }])),
  required: true,
};
