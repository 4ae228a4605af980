import { randomBytes } from 'node:crypto';
import { Failure } from '../../verb.ts';
import { pathOf, type Resource } from '../discovery.ts';
import { joinOrShowLog } from '../enter/joinOrShowLog.ts';
import { containerNames, type Pod } from '../pods.ts';
import { getObject, stateOf } from '../read.ts';
import type { Scene } from '../scene.ts';
import { resourceNamed, targetsOf } from '../targets.ts';
import { ephemeralContainer, podCopy } from './containers.ts';
import { copyOptions, debugOptions, validate } from './options.ts';

/** A Pod with the container that is debugged in; none where only images of a copy are others. */
interface Debugged {
  pod: Pod;
  container: string;
}

/** Debugs Pods by a container of one's own in them, or in a copy of them. */
export async function runDebug(scene: Scene): Promise<number> {
  const { call } = scene;
  const { positionals, beforeDash = positionals.length } = call;
  const words = positionals.slice(0, beforeDash);
  validate(scene, words);
  const resources = await scene.resources();
  const pods = resourceNamed('pods', resources);
  const named = words.some((word) => word.includes('/')) ? words : ['pods', ...words];
  for (const { resource, name } of targetsOf(named, resources)) {
    if (resource !== pods)
      throw new Error(
        `debug knows Pods; kubectl does it, with the same context: kubectl debug ${positionals.join(' ')}`,
      );
    const pod = (await getObject(scene.connection, pods, scene.namespace, name!)) as Pod;
    const debugged = call.text('copy-to')
      ? await byCopy(scene, pods, pod)
      : await byEphemeral(scene, pods, pod);
    if (debugged.container && call.flag('attach', call.flag('stdin'))) await join(scene, pods, debugged);
  }
  return 0;
}

async function byEphemeral(scene: Scene, pods: Resource, pod: Pod): Promise<Debugged> {
  const { call, connection } = scene;
  const container = call.text('container') ?? freeName(scene, pod);
  // A patch would be merged into it, and change nothing that the server sees.
  if (pod.spec.ephemeralContainers?.some(({ name }) => name === container))
    throw new Failure(
      `The Pod ${JSON.stringify(pod.metadata.name)} is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers ${JSON.stringify(container)} may not be changed`,
    );
  const path = pathOf(pods, pod.metadata.namespace, pod.metadata.name, 'ephemeralcontainers');
  const ephemeralContainers = [ephemeralContainer(container, debugOptions(call))];
  const type = 'application/strategic-merge-patch+json';
  const body = { spec: { ephemeralContainers } };
  return { pod: await connection.json<Pod>({ method: 'PATCH', path, type, body }), container };
}

async function byCopy(scene: Scene, pods: Resource, pod: Pod): Promise<Debugged> {
  const { call, connection } = scene;
  const options = copyOptions(call);
  const asked = call.text('container');
  const isThere = asked !== undefined && pod.spec.containers.some(({ name }) => name === asked);
  const isOnlyImages = !isThere && !options.image && Object.keys(options.images).length > 0;
  if (!isThere && !isOnlyImages && !options.image)
    throw new Error('you must specify image when creating new container');
  const container = isOnlyImages ? '' : (asked ?? freeName(scene, pod));
  const body = podCopy(pod, container, options);
  const { namespace, name } = pod.metadata;
  const made = await connection.json<Pod>({ method: 'POST', path: pathOf(pods, namespace), body });
  if (call.flag('replace'))
    await connection.ask({
      method: 'DELETE',
      path: pathOf(pods, namespace, name),
      body: { gracePeriodSeconds: 0 },
    });
  return { pod: made, container };
}

function freeName({ call, io }: Scene, pod: Pod): string {
  const taken = containerNames(pod);
  let name: string;
  do name = `debugger-${randomBytes(3).toString('hex').slice(0, 5)}`;
  while (taken.includes(name));
  if (!call.flag('quiet')) io.out(`Defaulting debug container name to ${name}.`);
  return name;
}

async function join(scene: Scene, pods: Resource, { pod, container }: Debugged): Promise<void> {
  const started = await untilStarted(scene, pods, pod, container);
  const hasEnded = Boolean(stateOfContainer(started, container)?.terminated);
  await joinOrShowLog(scene, started, hasEnded, container);
}

async function untilStarted(
  scene: Scene,
  resource: Resource,
  { metadata }: Pod,
  container: string,
): Promise<Pod> {
  const { call, connection, io } = scene;
  const { namespace, name } = metadata;
  let told = '';
  for await (const pod of stateOf<Pod>(connection, { resource, namespace, name }, io.interrupted)) {
    if (!pod) throw new Failure(`Error from server (NotFound): pods "${name}" not found`);
    const state = stateOfContainer(pod, container);
    if (state?.running || state?.terminated) return pod;
    const message = state?.waiting?.message ?? '';
    if (message && message !== told && !call.flag('quiet'))
      io.err(`Warning: container ${container}: ${message}`);
    told = message;
  }
  throw new Error('the watch ended');
}

interface State {
  running?: object;
  terminated?: object;
  waiting?: { message?: string };
}

function stateOfContainer({ status }: Pod, container: string): State | undefined {
  const { containerStatuses = [], ephemeralContainerStatuses = [] } = (status ?? {}) as Record<
    string,
    { name: string; state?: State }[] | undefined
  >;
  return [...containerStatuses, ...ephemeralContainerStatuses].find(({ name }) => name === container)?.state;
}
