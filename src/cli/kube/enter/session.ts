import { Failure } from '../../verb.ts';
import { isNotFound } from '../failure.ts';
import type { Pod } from '../pods.ts';
import { stateOf } from '../read.ts';
import { type Scene, secondsOf, within } from '../scene.ts';
import { resourceNamed } from '../targets.ts';
import { pathIn } from './exec.ts';
import { joinOrShowLog } from './joinOrShowLog.ts';

const usualSeconds = 60;

/** Waits for a Pod, joins it until it ends or is left, and deletes it with --rm. Answers its exit code. */
export async function session(scene: Scene, pod: Pod): Promise<number> {
  try {
    const running = await untilPod(scene, pod, (each) => isReady(each) || hasEnded(each));
    await joinOrShowLog(scene, running, hasEnded(running));
    return await codeOf(scene, pod);
  } finally {
    if (scene.call.flag('rm')) await remove(scene, pod);
  }
}

const hasEnded = ({ status }: Pod): boolean => ['Succeeded', 'Failed'].includes(status?.phase ?? '');

const isReady = ({ status }: Pod): boolean =>
  status?.phase === 'Running' &&
  Boolean(status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'));

/** The exit code of a Pod that ends by itself; 0 for one that goes on without us. */
async function codeOf(scene: Scene, pod: Pod): Promise<number> {
  const { restartPolicy } = pod.spec;
  if (scene.call.flag('leave-stdin-open') || restartPolicy === 'Always') return 0;
  const isOver = (each: Pod) =>
    restartPolicy === 'Never' ? hasEnded(each) : each.status?.phase === 'Succeeded';
  const { metadata, status } = await untilPod(scene, pod, isOver);
  if (status?.phase === 'Succeeded') return 0;
  const which = `pod ${metadata.namespace}/${metadata.name}`;
  const { exitCode, reason = '', message = '' } = status?.containerStatuses?.[0]?.state?.terminated ?? {};
  if (!exitCode) throw new Error(`${which} failed with unknown exit code`);
  scene.io.err(`${which} terminated (${reason})${message ? `\n${message}` : ''}`);
  return exitCode;
}

async function untilPod(scene: Scene, { metadata }: Pod, holds: (pod: Pod) => boolean): Promise<Pod> {
  const { connection, call } = scene;
  const pods = resourceNamed('pods', await scene.resources());
  const { namespace, name } = metadata;
  const seconds = secondsOf(call, 'pod-running-timeout') || usualSeconds;
  return within(scene, seconds, async (signal) => {
    for await (const pod of stateOf<Pod>(connection, { resource: pods, namespace, name }, signal)) {
      if (!pod) throw new Failure(`Error from server (NotFound): pods "${name}" not found`);
      if (holds(pod)) return pod;
    }
    throw new Error('the watch ended');
  });
}

async function remove(scene: Scene, pod: Pod): Promise<void> {
  const { io, connection, call } = scene;
  try {
    await connection.ask({ method: 'DELETE', path: await pathIn(scene, pod) });
    const { name, namespace } = pod.metadata;
    if (!call.flag('quiet')) io.out(`pod "${name}" deleted from ${namespace} namespace`);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
