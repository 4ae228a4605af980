import { Failure } from '../../verb.ts';
import type { Connection } from '../connection.ts';
import { apiVersionOf, type Resource } from '../discovery.ts';
import type { Scene } from '../scene.ts';
import { resourceNamed } from '../targets.ts';
import { type Document, explained, headOf, type Kind } from './render.ts';

const usage = 'shallop api-resources';

/** Says what a resource or one of its fields is for, by the server's OpenAPI v3. */
export async function runExplain(scene: Scene): Promise<number> {
  const { call, connection, io } = scene;
  const [word, ...more] = call.positionals;
  if (!word)
    throw new Error(
      `You must specify the type of resource to explain. Use "${usage}" for a complete list of supported resources.`,
    );
  if (more.length) throw new Error('We accept only this format: explain RESOURCE');
  const output = call.text('output') ?? 'plaintext';
  if (output !== 'plaintext') throw new Error(`unrecognized format: ${output}`);
  const { resource, fields } = asked(word, await scene.resources(), call.text('api-version'));
  const document = await documentOf(connection, resource);
  const kind: Kind = { group: resource.group, version: resource.version, kind: kindIn(document, resource) };
  io.out(headOf(kind));
  io.out(explained(document, kind, fields, call.flag('recursive')));
  return 0;
}

/** Reads `pods.spec.containers` and `deployments.apps.spec`. Throws in kubectl's words. */
export function asked(
  word: string,
  resources: Resource[],
  apiVersion?: string,
): { resource: Resource; fields: string[] } {
  const [name = '', ...rest] = word.replace(/\.$/, '').split('.');
  const found = named(name, resources);
  const same = resources.filter(({ plural }) => plural === found.plural);
  const grouped = same.find(({ plural, group }) => group && `${word}.`.startsWith(`${plural}.${group}.`));
  const fields = grouped ? rest.slice(grouped.group.split('.').length) : rest;
  if (!apiVersion) return { resource: grouped ?? found, fields };
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const wanted = same.find((each) => each.group === group && each.version === version);
  // Another version may be served that this discovery does not know: the server is asked.
  return { resource: wanted ?? { ...found, group, version }, fields };
}

/** Throws without the word `error`, as kubectl does here. */
function named(name: string, resources: Resource[]): Resource {
  try {
    return resourceNamed(name, resources);
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}

async function documentOf(connection: Connection, resource: Resource): Promise<Document> {
  const { paths } = await connection.json<{ paths: Record<string, { serverRelativeURL: string }> }>({
    path: '/openapi/v3',
  });
  const { group, version, plural } = resource;
  const found = paths[group ? `apis/${apiVersionOf(resource)}` : `api/${version}`];
  if (!found) throw new Error(`couldn't find resource for "${group}/${version}, Resource=${plural}"`);
  return connection.json<Document>({ path: below(connection.server, found.serverRelativeURL) });
}

/** The server's addresses are whole paths: a logical cluster's begin with what the connection begins with too. */
function below(server: string, path: string): string {
  const { pathname } = new URL(server);
  const prefix = pathname.replace(/\/$/, '');
  return prefix && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

function kindIn({ paths }: Document, { group, version, plural }: Resource): string {
  const root = `/${group ? `apis/${group}` : 'api'}/${version}`;
  for (const place of [
    plural,
    `${plural}/{name}`,
    `namespaces/{namespace}/${plural}`,
    `namespaces/{namespace}/${plural}/{name}`,
  ])
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
      const found = paths[`${root}/${place}`]?.[method]?.['x-kubernetes-group-version-kind'];
      if (found) return found.kind;
    }
  throw new Error(`GVR (${group}/${version}, Resource=${plural}) not found in OpenAPI schema`);
}
