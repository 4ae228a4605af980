import { type Chosen, chosenObjects, forEachChosen } from './chosen.ts';
import { pathOf } from './discovery.ts';
import { dryRunOf } from './dryRun.ts';
import { report } from './failure.ts';
import type { KubeObject } from './objects.ts';
import { getObject, query } from './read.ts';
import type { Scene } from './scene.ts';
import { changeParameters, tellDone } from './tell.ts';

/** Keeps new Pods from Nodes, or lets them come again. */
export async function runCordon(scene: Scene, isWanted: boolean): Promise<number> {
  const { chosen, problems } = await chosenNodes(scene);
  const failures = await forEachChosen(scene, chosen, (one) => cordon(scene, one, isWanted));
  return report([...failures, ...problems]);
}

/** The Nodes that a call names or chooses: `worker-1`, `node/worker-1`, `-l zone=a`. */
export function chosenNodes(scene: Scene): ReturnType<typeof chosenObjects> {
  const { positionals } = scene.call;
  const words = positionals.some((word) => word.includes('/')) ? positionals : ['nodes', ...positionals];
  return chosenObjects(scene, words);
}

/** Closes or opens one Node, and tells it. */
export async function cordon(scene: Scene, { resource, name }: Chosen, isWanted: boolean): Promise<void> {
  const { call, connection } = scene;
  const node = (await getObject(connection, resource, undefined, name)) as KubeObject & {
    spec?: { unschedulable?: boolean };
  };
  const done = isWanted ? 'cordoned' : 'uncordoned';
  const isAlready = Boolean(node.spec?.unschedulable) === isWanted;
  if (!isAlready && dryRunOf(call) !== 'client')
    await connection.json({
      method: 'PATCH',
      path: `${pathOf(resource, undefined, name)}${query(changeParameters(scene, 'kubectl'))}`,
      type: 'application/strategic-merge-patch+json',
      body: { spec: { unschedulable: isWanted || null } },
    });
  tellDone(scene, resource, node, isAlready ? `already ${done}` : done);
}
