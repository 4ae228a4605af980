import { UsageError } from '../verb.ts';
import { apiVersionOf, pathOf, type Resource } from './discovery.ts';
import { Columns } from './print/columns.ts';
import type { Scene } from './scene.ts';
import { resourceNamed } from './targets.ts';

interface Attributes {
  group: string;
  resource: string;
  name?: string;
}

/** Asks whether one may do something: prints yes or no, and fails with no. */
export async function runCanI(scene: Scene, words: string[]): Promise<number> {
  const { call, io, namespace } = scene;
  const [verb, what, ...rest] = words;
  if (!verb || !what || rest.length)
    throw new UsageError('you must specify two arguments: verb resource or verb resource/resourceName.');
  const subresource = call.text('subresource');
  if (what.startsWith('/') && subresource)
    throw new Error('--subresource can not be used with NonResourceURL');
  const within = call.flag('all-namespaces') ? '' : namespace;
  const spec = what.startsWith('/')
    ? { nonResourceAttributes: { verb, path: what } }
    : {
        resourceAttributes: {
          ...{ verb, namespace: within },
          ...(await attributesOf(scene, what)),
          ...(subresource && { subresource }),
        },
      };
  const { allowed, reason, evaluationError } = await review<{
    allowed: boolean;
    reason?: string;
    evaluationError?: string;
  }>(scene, 'selfsubjectaccessreviews.authorization.k8s.io', spec);
  const why = [reason, evaluationError].flatMap((text) => (text ? [` - ${text}`] : [])).join('');
  if (!call.flag('quiet')) io.out(allowed ? 'yes' : `no${why}`);
  return allowed ? 0 : 1;
}

/** What the server does not have may still be allowed: it is only warned of. */
async function attributesOf(scene: Scene, what: string): Promise<Attributes> {
  const { call, io } = scene;
  const [type = '', name] = what.split(/\/(.*)/s);
  const named = name ? { name } : {};
  if (type === '*') return { group: '', resource: type, ...named };
  const found = await resourceOf(scene, type);
  if (!found) {
    const [plural = '', ...group] = type.toLowerCase().split('.');
    const inGroup = group.length ? ` in group '${group.join('.')}'` : '';
    io.err(`Warning: the server doesn't have a resource type '${plural}'${inGroup}\n`);
    return { group: group.join('.'), resource: plural, ...named };
  }
  const { group, plural } = found;
  if (!found.namespaced && !call.flag('all-namespaces'))
    io.err(`Warning: resource '${plural}' is not namespace scoped${group ? ` in group '${group}'` : ''}\n`);
  return { group, resource: plural, ...named };
}

async function resourceOf(scene: Scene, type: string): Promise<Resource | undefined> {
  try {
    return resourceNamed(type, await scene.resources());
  } catch {
    return undefined;
  }
}

/** Shows as whom the server knows the caller. */
export async function runWhoAmI(scene: Scene): Promise<number> {
  const { userInfo } = await review<{
    userInfo: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
  }>(scene, 'selfsubjectreviews.authentication.k8s.io', undefined);
  const list = (values: string[]) => `[${values.join(' ')}]`;
  const rows = [
    ['ATTRIBUTE', 'VALUE'],
    ...(userInfo.username ? [['Username', userInfo.username]] : []),
    ...(userInfo.uid ? [['UID', userInfo.uid]] : []),
    ...(userInfo.groups?.length ? [['Groups', list(userInfo.groups)]] : []),
    ...Object.entries(userInfo.extra ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, values]) => [`Extra: ${key}`, list(values)]),
  ];
  for (const line of new Columns().rows(rows)) scene.io.out(line);
  return 0;
}

async function review<T>(scene: Scene, type: string, spec: object | undefined): Promise<T> {
  const resource = resourceNamed(type, await scene.resources());
  const body = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...(spec && { spec }) };
  const { status } = await scene.connection.json<{ status: T }>({
    method: 'POST',
    path: pathOf(resource, undefined),
    body,
  });
  return status;
}
