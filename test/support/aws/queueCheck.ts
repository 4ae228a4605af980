import { deepStrictEqual as same } from 'node:assert/strict';
import type { Client } from '../../../src/shared/client/client.ts';
import { managedBy, manager, serviceLabel } from '../../../src/shared/controllers/endpointslice/plan.ts';
import {
  deployments,
  endpointSlices,
  endpoints,
  logicalClusters,
  pods,
  replicaSets,
  services,
} from '../../../src/shared/controllers/resources.ts';
import type { Pod } from '../../../src/shared/kinds/schema/types.ts';
import { controllerOf, type KubeObject } from '../../../src/shared/meta/object.ts';
import type { QueueWorld } from './queueWorld.ts';

const uidOf = ({ metadata }: KubeObject) => metadata.uid ?? '';
const isReady = ({ status }: Pod) =>
  status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');

type List = <T>(run: Promise<T>) => Promise<T>;

/** What is there is what was asked for, no more and no less, in the API and in the cloud. */
export async function check(world: QueueWorld): Promise<void> {
  const { clients } = world.open();
  const list: List = (run) => finish(world, run);
  const others = await list(clients('default').list(logicalClusters));
  same(
    others.filter(({ metadata }) => metadata.deletionTimestamp),
    [],
    'logical clusters that do not go',
  );
  const names = ['default', ...others.map(({ metadata }) => metadata.name ?? '')];
  const [running, balanced] = [await world.runtime.list(), await world.loadBalancers.list()];
  const homeless = [...running, ...balanced].filter(({ cluster }) => !names.includes(cluster));
  same(homeless, [], 'what is left of logical clusters');
  for (const name of names) {
    const all = await checkWorkloads(clients(name), list);
    const here = running.filter(({ cluster }) => cluster === name).map(({ uid }) => uid);
    same(here.sort(), all.map(uidOf).sort(), `what runs for ${name}`);
    if (name === 'default') await checkServices(world, all, list, clients(name));
  }
}

async function checkWorkloads(client: Client, list: List): Promise<Pod[]> {
  const wanted = await list(client.list(deployments));
  const sets = await list(client.list(replicaSets));
  const all = await list(client.list(pods));
  for (const d of wanted) {
    const { replicas = 1, template } = d.spec!;
    const mine = sets.filter((rs) => controllerOf(rs)?.uid === uidOf(d));
    const of = all.filter((pod) => mine.some((rs) => uidOf(rs) === controllerOf(pod)?.uid));
    const images = of.map((pod) => pod.spec!.containers[0]!.image);
    const image = template?.spec?.containers[0]?.image;
    same(images, Array(replicas).fill(image), `Pods of ${d.metadata.name}`);
    same(of.filter((pod) => !isReady(pod)).length, 0, `Pods of ${d.metadata.name} that are not ready`);
    same(d.status?.availableReplicas ?? 0, replicas, `status of ${d.metadata.name}`);
    same(d.status?.observedGeneration, d.metadata.generation, `generation of ${d.metadata.name}`);
  }
  const owners = new Set([...wanted, ...sets].map(uidOf));
  same(
    [...sets, ...all].filter((o) => !owners.has(controllerOf(o)?.uid ?? '')).map((o) => o.metadata.name),
    [],
    'objects without their owner',
  );
  return all;
}

async function checkServices(world: QueueWorld, all: Pod[], list: List, client: Client): Promise<void> {
  const there = await list(client.list(services, { namespace: 'default' }));
  const balanced = there.filter(({ spec }) => spec?.type === 'LoadBalancer');
  const refs = (await world.loadBalancers.list()).filter(({ name }) => name === 'a');
  same(refs.map(({ uid }) => uid).sort(), balanced.map(uidOf).sort(), 'load balancers');
  const slices = (await list(client.list(endpointSlices))).filter(
    ({ metadata }) => metadata.labels?.[managedBy] === manager,
  );
  const mirrors = (await list(client.list(endpoints))).filter(
    ({ metadata }) => metadata.name !== 'kubernetes',
  );
  same(
    mirrors.map(({ metadata }) => metadata.name),
    balanced.map(({ metadata }) => metadata.name),
    'Endpoints',
  );
  for (const service of balanced) {
    const { name } = service.metadata;
    const addresses = all
      .filter((pod) => pod.metadata.labels?.app === name)
      .map((pod) => pod.status?.podIP ?? '')
      .sort();
    const mine = slices.filter(({ metadata }) => metadata.labels?.[serviceLabel] === name);
    same(mine.flatMap((s) => (s.endpoints ?? []).flatMap((e) => e.addresses)).sort(), addresses, 'slices');
    const mirror = mirrors.find(({ metadata }) => metadata.name === name);
    same(
      (mirror?.subsets ?? [])
        .flatMap((s) => s.addresses ?? [])
        .map(({ ip }) => ip)
        .sort(),
      addresses,
      'Endpoints',
    );
    const { endpoints: routed } = world.loadBalancers.calls.findLast(
      (call) => call.verb === 'ensure' && call.ref.uid === service.metadata.uid,
    ) as { endpoints: { address: string }[] };
    same(routed.map(({ address }) => address).sort(), addresses, 'targets of the load balancer');
    same((service.status?.loadBalancer?.ingress ?? []).length, 1, 'ingress points');
  }
  same(slices.length, balanced.length, 'slices');
}

/** Requests take time by the world's clock. */
async function finish<T>(world: QueueWorld, run: Promise<T>): Promise<T> {
  let done = false;
  const ended = run.finally(() => {
    done = true;
  });
  ended.catch(() => {});
  while (!done) await world.clock.advance(5);
  return ended;
}
