import { deepStrictEqual as same } from 'node:assert/strict';
import { tagMap, tags } from '../../../src/aws/drivers/tags.ts';
import type { Client } from '../../../src/shared/client/client.ts';
import { isTerminal } from '../../../src/shared/controllers/common/pods.ts';
import {
  cronJobs,
  deployments,
  events,
  jobs,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  statefulSets,
} from '../../../src/shared/controllers/resources.ts';
import type { Job, Pod } from '../../../src/shared/kinds/schema/types.ts';
import { controllerOf, type KubeObject } from '../../../src/shared/meta/object.ts';
import { isReady, nameOf, uidOf } from './deployedObserved.ts';
import type { DeployedWorld } from './deployedWorld.ts';
import type { WorkloadJudge } from './workloadJudge.ts';
import { guarded, leastAvailable, mostReplicas } from './workloadObjects.ts';

/** When it has become quiet: everything is as it was asked for, and nothing was ever wrong on the way. */
export async function checkWorkloads(world: DeployedWorld, judge: WorkloadJudge): Promise<void> {
  same(judge.wrong, [], 'what must never be');
  const { cloud, queue } = world;
  same(cloud.doubled, [], 'tasks that were one too many');
  const dead = queue.dead.map(({ body }) => body);
  same(dead, [], 'messages that were set aside');
  const client = world.open().core.clients('default');
  await world.finish(
    Promise.all([
      checkTasks(world, client),
      checkJobs(client, judge),
      checkSets(client),
      checkGuarded(client),
    ]),
  );
  await world.finish(checkVolumes(world, client));
}

/** When everything was deleted: nothing is left, here or in the cloud. */
export async function checkNothingLeft(world: DeployedWorld): Promise<void> {
  const client = world.open().core.clients('default');
  const resources = [
    pods,
    jobs,
    cronJobs,
    statefulSets,
    deployments,
    persistentVolumeClaims,
    persistentVolumes,
  ];
  const left = resources.map(async (resource) => client.list<KubeObject>(resource));
  same((await world.finish(Promise.all(left))).flat().map(nameOf), [], 'objects that are left');
  const { cloud } = world;
  same(
    cloud.running.map(({ startedBy }) => startedBy),
    [],
    'tasks that still run',
  );
  same([...cloud.efs.points.keys()], [], 'access points that are left');
  same(cloud.elb.left, [], 'load balancers, or parts of them, that are left');
  same(cloud.route53.size, 0, 'records that are left');
  same([...cloud.secrets.entries.keys()], [], 'secrets that are left');
}

async function checkTasks({ cloud }: DeployedWorld, client: Client): Promise<void> {
  const alive = (await client.list(pods)).filter((pod) => !isTerminal(pod));
  const startedBy = cloud.running.map((task) => task.startedBy ?? '');
  same(startedBy.sort(), alive.map(uidOf).sort(), 'whose tasks run');
}

const isTrue = (job: Job, type: string) =>
  job.status?.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;

/** Each has come to its end, and the one to which its program leads. */
async function checkJobs(client: Client, judge: WorkloadJudge): Promise<void> {
  for (const job of await client.list(jobs)) {
    const { completions = 1, completionMode, template } = job.spec!;
    const fails = template.spec?.containers[0]?.image === 'work:bad';
    const what = `${nameOf(job)}: ${JSON.stringify(job.status)}`;
    same([isTrue(job, 'Complete'), isTrue(job, 'Failed')], [!fails, fails], `the end of ${what}`);
    const { succeeded = 0, active = 0, terminating = 0, uncountedTerminatedPods = {} } = job.status ?? {};
    same([active, terminating], [0, 0], `what is under way of ${what}`);
    same(Object.values(uncountedTerminatedPods).flat(), [], `what is not counted of ${what}`);
    if (fails) continue;
    same(succeeded + judge.succeededAfterAll(uidOf(job)), completions, `what has succeeded of ${what}`);
    if (completionMode !== 'Indexed') continue;
    const all = completions === 1 ? '0' : completions === 2 ? '0,1' : `0-${completions - 1}`;
    same(job.status?.completedIndexes, all, `which have of ${what}`);
  }
}

/**
 * Names of Pods that were taken away. One that goes just before its set shrinks leaves its claim: the controller makes a Pod
 * the owner of the claim while the Pod is there, upstream's too.
 */
const takenPods = async (client: Client): Promise<Set<string | undefined>> =>
  new Set(
    (await client.list(events))
      .filter(({ reason }) => reason === 'Evicted' || reason === 'Terminated')
      .map(({ involvedObject }) => involvedObject?.name),
  );

/** Each ordinal is there once, ready, of the newest template, with its claim. */
async function checkSets(client: Client): Promise<void> {
  const all = await client.list(pods);
  const claims = new Map(
    (await client.list(persistentVolumeClaims)).map((claim) => [claim.metadata.name, claim]),
  );
  const taken = await takenPods(client);
  for (const set of await client.list(statefulSets)) {
    const what = `of ${nameOf(set)}`;
    const { replicas = 1, template } = set.spec!;
    const mine = all.filter((pod) => controllerOf(pod)?.uid === uidOf(set));
    const ordinals = Array.from({ length: replicas }, (_, i) => `${set.metadata.name}-${i}`);
    same(mine.map(({ metadata }) => metadata.name).sort(), ordinals, `Pods ${what}`);
    const imageOf = (pod: Pod) => pod.spec?.containers[0]?.image;
    const image = template.spec?.containers[0]?.image;
    same(new Set(mine.map(imageOf)), new Set(replicas ? [image] : []), `images ${what}`);
    same(mine.filter((pod) => !isReady(pod)).map(nameOf), [], `Pods ${what} that are not ready`);
    const unbound = ordinals.filter((name) => claims.get(`data-${name}`)?.status?.phase !== 'Bound');
    same(unbound, [], `Pods ${what} without their claim`);
    const { readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = set.status ?? {};
    same([readyReplicas, updatedReplicas], [replicas, replicas], `status ${what}`);
    same(currentRevision, updateRevision, `revision ${what}`);
    if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') continue;
    const spare = [...claims.keys()].filter(
      (name) =>
        name?.startsWith(`data-${set.metadata.name}-`) &&
        !ordinals.includes(name.slice('data-'.length)) &&
        !taken.has(name.slice('data-'.length)),
    );
    same(spare, [], `claims ${what} that should have gone`);
  }
}

/** The autoscaler keeps within its limits, and the budget knows what is there. */
async function checkGuarded(client: Client): Promise<void> {
  const deployment = await client.get(deployments, 'default', guarded);
  if (!deployment) return;
  const { replicas = 0 } = deployment.spec!;
  const within = replicas > leastAvailable && replicas <= mostReplicas;
  same([within, deployment.status?.availableReplicas], [true, replicas], `replicas ${replicas}`);
  const all = await client.list(pods);
  const { status } = (await client.get(podDisruptionBudgets, 'default', guarded))!;
  const { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods } = status!;
  same(
    { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods },
    {
      currentHealthy: replicas,
      desiredHealthy: leastAvailable,
      disruptionsAllowed: replicas - leastAvailable,
      // Those that have failed too, as upstream counts.
      expectedPods: all.filter(({ metadata }) => metadata.labels?.app === guarded).length,
    },
    'the budget',
  );
}

/** An access point for each claim, perhaps one for the folder of it that is mounted, and none beside. */
async function checkVolumes({ cloud }: DeployedWorld, client: Client): Promise<void> {
  const claims = await client.list(persistentVolumeClaims);
  const points = [...cloud.efs.points.values()];
  const wholeOf = (point: (typeof points)[number]) => tagMap(point.Tags)[tags.partOf];
  same(
    points.filter((point) => !wholeOf(point)).length,
    claims.length,
    `access points for ${claims.map(nameOf)}`,
  );
  const mounted = points.flatMap((point) => wholeOf(point) ?? []);
  same(mounted.length, new Set(mounted).size, 'access points for one folder');
}
