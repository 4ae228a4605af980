import { deepStrictEqual as same } from 'node:assert/strict';
import { isTerminal } from '../../../src/shared/controllers/common/pods.ts';
import { controllerOf } from '../../../src/shared/meta/object.ts';
import { checkCloud } from './deployedCheckCloud.ts';
import { type Cluster, everything, isReady, nameOf, uidOf } from './deployedObserved.ts';
import type { DeployedWorld } from './deployedWorld.ts';

/** What is there is what was asked for, no more and no less, in the API and in the cloud. Throws on what is not. */
export async function check(world: DeployedWorld): Promise<void> {
  const all = await world.finish(everything(world.open().core.clients));
  checkNever(world);
  for (const each of all) checkWorkloads(each);
  checkCloud(world, all);
}

/** What must not have happened on the way. */
function checkNever({ cloud, queue }: DeployedWorld): void {
  same(cloud.doubled, [], 'tasks that were one too many');
  const dead = queue.dead.map(({ body }) => body);
  same(dead, [], 'messages that were set aside');
}

const revision = 'deployment.kubernetes.io/revision';

function checkWorkloads({ name: cluster, deployments, replicaSets, pods }: Cluster): void {
  for (const d of deployments) {
    const what = `of ${cluster} ${nameOf(d)}`;
    const { replicas = 1, template } = d.spec!;
    const mine = replicaSets.filter((rs) => controllerOf(rs)?.uid === uidOf(d));
    // One whose task was taken away has failed, and stays to be seen.
    const of = pods.filter(
      (pod) => !isTerminal(pod) && mine.some((rs) => uidOf(rs) === controllerOf(pod)?.uid),
    );
    const image = template.spec?.containers[0]?.image;
    same(
      of.map((pod) => pod.spec!.containers[0]!.image),
      Array(replicas).fill(image),
      `Pods ${what}`,
    );
    same(of.filter((pod) => !isReady(pod)).map(nameOf), [], `Pods ${what} that are not ready`);
    const { availableReplicas = 0, updatedReplicas = 0, observedGeneration } = d.status ?? {};
    same(
      [availableReplicas, updatedReplicas, observedGeneration],
      [replicas, replicas, d.metadata.generation],
      `status ${what}`,
    );
    const revisions = mine.map((rs) => Number(rs.metadata.annotations?.[revision]));
    const newest = mine.find((rs) => rs.spec?.template?.spec?.containers[0]?.image === image);
    same(newest?.metadata.annotations?.[revision], d.metadata.annotations?.[revision], `revision ${what}`);
    same(Number(d.metadata.annotations?.[revision]), Math.max(...revisions), `the newest revision ${what}`);
  }
  const owners = new Set([...deployments, ...replicaSets].map(uidOf));
  const orphans = [...replicaSets, ...pods].filter((o) => !owners.has(controllerOf(o)?.uid ?? ''));
  same(orphans.map(nameOf), [], 'objects without their owner');
}
