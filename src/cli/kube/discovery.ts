import type { Connection } from './connection.ts';

/** A resource as the server tells of it. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  categories: string[];
  verbs: string[];
  subresources: string[];
}

interface Discovered {
  resource: string;
  singularResource?: string;
  responseKind?: { kind: string };
  scope: string;
  shortNames?: string[];
  categories?: string[];
  verbs?: string[];
  subresources?: { subresource: string }[];
}

interface Groups {
  kind: string;
  items?: { metadata?: { name?: string }; versions: { version: string; resources?: Discovered[] }[] }[];
  groups?: { name: string; versions: { version: string }[] }[];
  versions?: string[];
}

interface Listed {
  name: string;
  singularName?: string;
  kind: string;
  namespaced: boolean;
  shortNames?: string[];
  categories?: string[];
  verbs?: string[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

/** Every resource of every version, in the server's order: preferred groups and versions first. */
export async function discover(connection: Connection): Promise<Resource[]> {
  const answers = await Promise.all(
    ['/api', '/apis'].map((path) => connection.json<Groups>({ path, accept: aggregated })),
  );
  const parts = answers.map((groups) =>
    groups.items ? fromItems(groups.items) : legacy(connection, groups),
  );
  return (await Promise.all(parts)).flat();
}

const fromItems = (items: NonNullable<Groups['items']>): Resource[] =>
  items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      (resources ?? []).map((r) => ({
        group: metadata?.name ?? '',
        version,
        plural: r.resource,
        singular: r.singularResource || (r.responseKind?.kind ?? '').toLowerCase(),
        kind: r.responseKind?.kind ?? '',
        namespaced: r.scope === 'Namespaced',
        shortNames: r.shortNames ?? [],
        categories: r.categories ?? [],
        verbs: r.verbs ?? [],
        subresources: (r.subresources ?? []).map(({ subresource }) => subresource),
      })),
    ),
  );

/** Servers without aggregated discovery are asked for each group and version. */
async function legacy(connection: Connection, { groups, versions }: Groups): Promise<Resource[]> {
  const all = groups
    ? groups.flatMap(({ name, versions }) => versions.map(({ version }) => ({ group: name, version })))
    : (versions ?? []).map((version) => ({ group: '', version }));
  const lists = await Promise.all(
    all.map(async ({ group, version }) => {
      const path = group ? `/apis/${group}/${version}` : `/api/${version}`;
      const { resources } = await connection.json<{ resources: Listed[] }>({ path });
      const below = (name: string) => resources.filter((r) => r.name.startsWith(`${name}/`));
      return resources
        .filter(({ name }) => !name.includes('/'))
        .map(
          (r): Resource => ({
            group,
            version,
            plural: r.name,
            singular: r.singularName || r.kind.toLowerCase(),
            kind: r.kind,
            namespaced: r.namespaced,
            shortNames: r.shortNames ?? [],
            categories: r.categories ?? [],
            verbs: r.verbs ?? [],
            subresources: below(r.name).map(({ name }) => name.slice(r.name.length + 1)),
          }),
        );
    }),
  );
  return lists.flat();
}

export const apiVersionOf = ({ group, version }: Resource): string =>
  group ? `${group}/${version}` : version;

/** `deployment.apps`, as kubectl names what it did. */
export const kindName = ({ kind, group }: Pick<Resource, 'kind' | 'group'>): string =>
  `${kind.toLowerCase()}${group ? `.${group}` : ''}`;

/** `deployments.apps`, as the server names a resource in errors. */
export const resourceName = ({ plural, group }: Pick<Resource, 'plural' | 'group'>): string =>
  `${plural}${group ? `.${group}` : ''}`;

/** The path of a resource, or of one object. */
export function pathOf(
  resource: Resource,
  namespace: string | undefined,
  name?: string,
  sub?: string,
): string {
  const { group, version, plural, namespaced } = resource;
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const within = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const rest = [name, sub].flatMap((part) => (part === undefined ? [] : [`/${encodeURIComponent(part)}`]));
  return `${root}${within}/${plural}${rest.join('')}`;
}
