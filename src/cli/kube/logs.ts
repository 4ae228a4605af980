import { pathOf } from './discovery.ts';
import { isNotFound, type ServerError } from './failure.ts';
import type { KubeObject } from './objects.ts';
import { byLogging, containerNames, defaultContainerOf, type Pod } from './pods.ts';
import { getObject, linesOf, listObjects, query } from './read.ts';
import type { Scene } from './scene.ts';
import { selectorText } from './selector.ts';
import { resourceNamed, targetsOf } from './targets.ts';

type Parameters = Record<string, string | number | boolean | undefined>;

/** More programs than this are not followed at once: each is a connection. */
const maxStreams = 5;

/** Prints the logs of what the call names, one after the other, or all at once when they are followed. */
export async function readLogs(scene: Scene, parameters: Parameters): Promise<number> {
  const { call, io } = scene;
  const sources = (await podsOf(scene)).flatMap((pod) =>
    containersOf(scene, pod).map((container) => ({ pod, container })),
  );
  const follow = parameters.follow && sources.length > 1;
  if (follow && sources.length > maxStreams)
    throw new Error(
      `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${maxStreams}; choose fewer with -l or -c`,
    );
  const prefix = call.flag('prefix');
  const print = ({ pod, container }: (typeof sources)[number]) =>
    printLog(scene, pod, container, parameters, prefix ? `[pod/${pod.metadata.name}/${container}] ` : '');
  if (sources.length === 0) io.err(`No resources found in ${scene.namespace} namespace.`);
  if (follow) await Promise.all(sources.map(print));
  else for (const source of sources) await print(source);
  return 0;
}

async function podsOf(scene: Scene): Promise<Pod[]> {
  const { call, connection, namespace } = scene;
  const resources = await scene.resources();
  const pods = resourceNamed('pods', resources);
  const labels = call.text('selector');
  if (labels !== undefined) return (await listObjects<Pod>(connection, pods, { namespace, labels })).items;
  const [first] = call.positionals;
  const [target] = targetsOf([first!.includes('/') ? first! : `pods/${first}`], resources);
  const object = await getObject(connection, target!.resource, namespace, target!.name!).catch((error) => {
    if (!isNotFound(error)) throw error;
    const { status } = error as ServerError;
    throw new Error(`error from server (NotFound): ${status.message} in namespace "${namespace}"`);
  });
  return target!.resource === pods ? [object as Pod] : podsBehind(scene, object, target!.resource.kind);
}

/** The Pods that a Deployment, a Service or the like selects: the best one, unless all are asked for. */
async function podsBehind(scene: Scene, object: KubeObject, kind: string): Promise<Pod[]> {
  const { call, io, connection, namespace } = scene;
  const { selector } = (object.spec ?? {}) as { selector?: Record<string, string> };
  if (!selector) throw new Error(`cannot get the logs from ${kind}: it selects no Pods`);
  const pods = resourceNamed('pods', await scene.resources());
  const { items } = await listObjects<Pod>(connection, pods, { namespace, labels: selectorText(selector) });
  items.sort(byLogging);
  if (items.length === 0) throw new Error(`there are no Pods of ${kind} ${object.metadata.name} yet`);
  if (call.flag('all-pods')) return items;
  if (items.length > 1) io.err(`Found ${items.length} pods, using pod/${items[0]!.metadata.name}`);
  return [items[0]!];
}

function containersOf({ call, io }: Scene, pod: Pod): string[] {
  const names = containerNames(pod);
  if (call.flag('all-containers')) return names;
  const asked = call.text('container') ?? call.positionals[1];
  if (asked !== undefined) {
    if (!names.includes(asked))
      throw new Error(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return [asked];
  }
  return [defaultContainerOf(pod, io.err)];
}

async function printLog(
  scene: Scene,
  pod: Pod,
  container: string,
  parameters: Parameters,
  prefix: string,
): Promise<void> {
  const { io, connection } = scene;
  const pods = resourceNamed('pods', await scene.resources());
  const { name, namespace } = pod.metadata;
  const path = `${pathOf(pods, namespace, name, 'log')}${query({ container, ...parameters })}`;
  const chunks = await connection.stream({ path, accept: '*/*' });
  if (!prefix) {
    for await (const chunk of chunks) io.write(chunk);
    return;
  }
  for await (const line of linesOf(chunks)) io.out(`${prefix}${line}`);
}
