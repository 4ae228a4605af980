import { type Chosen, chosenObjects, forEachChosen } from '../chosen.ts';
import { kindName, pathOf, resourceName } from '../discovery.ts';
import { report } from '../failure.ts';
import type { KubeObject } from '../objects.ts';
import { getObject } from '../read.ts';
import type { Scene } from '../scene.ts';
import { showHistory, undo } from './history.ts';
import { followStatus } from './status.ts';

export type Action = 'status' | 'history' | 'undo' | 'restart' | 'pause' | 'resume';

/** Prints what was done, or throws why not. */
type Run = (scene: Scene, target: Chosen) => Promise<void>;

const runs: Record<Action, Run> = {
  status: followStatus,
  history: showHistory,
  undo,
  restart: (scene, target) =>
    change(scene, target, 'restarted', (object) => {
      if ((object.spec as { paused?: boolean }).paused)
        throw new Error(`can't restart paused ${target.resource.singular} (run rollout resume first)`);
      const annotations = { 'kubectl.kubernetes.io/restartedAt': seconds() };
      return { template: { metadata: { annotations } } };
    }),
  pause: (scene, target) =>
    change(scene, target, 'paused', (object) => {
      if ((object.spec as { paused?: boolean }).paused) throw new Error('is already paused');
      return { paused: true };
    }),
  resume: (scene, target) =>
    change(scene, target, 'resumed', (object) => {
      if (!(object.spec as { paused?: boolean }).paused) throw new Error('is not paused');
      return { paused: null };
    }),
};

export async function runRollout(scene: Scene, action: Action, words: string[]): Promise<number> {
  const { chosen } = await chosenObjects(scene, words);
  return report(await forEachChosen(scene, chosen, (target) => runs[action](scene, target)));
}

async function change(
  { connection, namespace, io }: Scene,
  { resource, name }: Chosen,
  word: string,
  specOf: (object: KubeObject) => object,
): Promise<void> {
  const object = await getObject(connection, resource, namespace, name);
  const { template } = (object.spec ?? {}) as { template?: object };
  if (!template || (word !== 'restarted' && resource.kind !== 'Deployment'))
    throw new Error(
      `${resourceName(resource)} "${name}" ${word === 'restarted' ? 'restarting' : word === 'paused' ? 'pausing' : 'resuming'} is not supported`,
    );
  let spec: object;
  try {
    spec = specOf(object);
  } catch (error) {
    throw new Error(`${resourceName(resource)} "${name}" ${(error as Error).message}`);
  }
  await connection.json({
    method: 'PATCH',
    path: pathOf(resource, namespace, name),
    type: 'application/strategic-merge-patch+json',
    body: { spec },
  });
  io.out(`${kindName(resource)}/${name} ${word}`);
}

/** Now, as kubectl writes it: a second restart within a second changes nothing. */
const seconds = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
