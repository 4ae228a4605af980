import { kindName } from '../discovery.ts';
import type { KubeObject } from '../objects.ts';
import { byActivity, type Pod } from '../pods.ts';
import { getObject, listObjects, statesOf } from '../read.ts';
import { type Scene, secondsOf, within } from '../scene.ts';
import { selectorText } from '../selector.ts';
import { resourceNamed, targetsOf } from '../targets.ts';

const usualSeconds = 60;

/** A Pod to enter, and what was named: the Pod itself, or what selects it. */
export interface Entered {
  pod: Pod;
  object: KubeObject;
}

/** Returns the Pod that a word means: `web-7d4b`, `pod/web-7d4b`, or the best of what `deployment/web` selects. */
export async function podOf(scene: Scene, word: string): Promise<Entered> {
  const { connection, namespace } = scene;
  const resources = await scene.resources();
  const [target] = targetsOf([word.includes('/') ? word : `pods/${word}`], resources);
  const { resource, name } = target!;
  const object = await getObject(connection, resource, namespace, name!);
  if (resource.kind === 'Pod' && !resource.group) return { pod: object as Pod, object };
  const { selector } = (object.spec ?? {}) as { selector?: Record<string, string> };
  if (!selector) throw new Error(`cannot attach to ${kindName(resource)}/${name}: it selects no Pods`);
  return { pod: await bestPod(scene, selectorText(selector)), object };
}

/** Waits for one where there is none yet. */
async function bestPod(scene: Scene, labels: string): Promise<Pod> {
  const { call, connection, namespace } = scene;
  const pods = resourceNamed('pods', await scene.resources());
  const { items } = await listObjects<Pod>(connection, pods, { namespace, labels });
  const [best] = items.sort(byActivity);
  if (best) return best;
  const seconds = secondsOf(call, 'pod-running-timeout') || usualSeconds;
  return within(scene, seconds, async (signal) => {
    for await (const pod of statesOf<Pod>(connection, pods, { namespace, labels }, signal)) return pod;
    throw new Error('the watch ended');
  });
}
