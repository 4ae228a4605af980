import { ok, deepStrictEqual as same } from 'node:assert/strict';
import { clusterDomain } from '../../../src/aws/names.ts';
import type { Clients } from '../../../src/shared/client/client.ts';
import { domainOf } from '../../../src/shared/cloud/aws/domain.ts';
import { isTerminal } from '../../../src/shared/controllers/common/pods.ts';
import {
  deployments,
  events,
  logicalClusters,
  pods,
  replicaSets,
  secrets,
  serviceAccounts,
  services,
} from '../../../src/shared/controllers/resources.ts';
import type {
  Deployment,
  Event,
  Pod,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
} from '../../../src/shared/kinds/schema/types.ts';
import { controllerOf, type KubeObject } from '../../../src/shared/meta/object.ts';
import type { DeployedWorld } from './deployedWorld.ts';
import type { Entry } from './fakeSecrets.ts';

interface Cluster {
  name: string;
  deployments: Deployment[];
  replicaSets: ReplicaSet[];
  pods: Pod[];
  secrets: Secret[];
  accounts: ServiceAccount[];
  services: Service[];
  events: Event[];
}

/** What is there is what was asked for, no more and no less, in the API and in the cloud. Throws on what is not. */
export async function check(world: DeployedWorld): Promise<void> {
  const all = await world.finish(everything(world.open().core.clients));
  checkNever(world);
  for (const each of all) checkWorkloads(each);
  const { cloud } = world;
  const startedBy = cloud.running.map((task) => task.startedBy ?? '');
  const alive = all.flatMap((cluster) => cluster.pods.filter((pod) => !isTerminal(pod)));
  same(startedBy.sort(), alive.map(uidOf).sort(), 'whose tasks run');
  checkServices(world, all);
  checkEvents(world, all);
  checkSecrets(world, all);
}

/** What must not have happened on the way. */
export function checkNever({ cloud, queue, unheld }: DeployedWorld): void {
  same(unheld, [], 'Services that went before their load balancers');
  same(cloud.doubled, [], 'tasks that were one too many');
  const dead = queue.dead.map(({ body }) => body);
  same(dead, [], 'messages that were set aside');
}

const uidOf = ({ metadata }: KubeObject) => metadata.uid ?? '';
const nameOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;
const isReady = ({ status }: Pod) =>
  status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
const isBalanced = ({ spec }: Service) => spec?.type === 'LoadBalancer';
const revision = 'deployment.kubernetes.io/revision';

async function everything(clients: Clients): Promise<Cluster[]> {
  const others = await clients('default').list(logicalClusters);
  same(
    others.filter(({ metadata }) => metadata.deletionTimestamp),
    [],
    'logical clusters that do not go',
  );
  const names = ['default', ...others.map(({ metadata }) => metadata.name ?? '')];
  return Promise.all(
    names.map(async (name) => {
      const client = clients(name);
      return {
        name,
        deployments: await client.list(deployments),
        replicaSets: await client.list(replicaSets),
        pods: await client.list(pods),
        secrets: await client.list(secrets),
        accounts: await client.list(serviceAccounts),
        services: await client.list(services),
        events: await client.list(events),
      };
    }),
  );
}

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

/** Each has its load balancer and its name, which lead to its ready Pods; nothing else is there. */
function checkServices({ cloud: { elb, route53 } }: DeployedWorld, all: Cluster[]): void {
  const balanced = all.flatMap((cluster) =>
    cluster.services.filter(isBalanced).map((service) => ({ cluster, service })),
  );
  const counts = [elb.balancers, elb.groups, elb.listeners, elb.securityGroups].map(({ size }) => size);
  same(counts, Array(4).fill(balanced.length), 'load balancers, target groups, listeners, security groups');
  let records = 0;
  for (const { cluster, service } of balanced) {
    const what = `of ${cluster.name} ${nameOf(service)}`;
    const { namespace, name } = service.metadata;
    const here = cluster.pods.filter((pod) => pod.metadata.namespace === namespace);
    const addresses = here
      .filter((pod) => pod.metadata.labels?.app === name && isReady(pod))
      .map((pod) => pod.status?.podIP ?? '')
      .sort();
    const points = service.status?.loadBalancer?.ingress ?? [];
    same(points.length, 1, `ingress points ${what}`);
    const visited = addresses.map(() => elb.visit(points[0]?.hostname ?? '', 80));
    same(visited.sort(), addresses.map((address) => `${address}:8080`).sort(), `targets ${what}`);
    const domain = domainOf(clusterDomain, cluster.name);
    same(route53.resolve(`${name}.${namespace}.svc.${domain}`, 'A'), addresses, `records ${what}`);
    // Beside the addresses stands whose they are.
    if (addresses.length) records += 2;
  }
  same(route53.size, records, 'records');
}

/** The start of a task is told once. */
function checkEvents({ cloud }: DeployedWorld, all: Cluster[]): void {
  const started = all.flatMap(({ events }) => events.filter(({ reason }) => reason === 'Started'));
  for (const [uid, of] of Map.groupBy(started, ({ involvedObject }) => involvedObject.uid)) {
    const starts = [...cloud.attempts].filter((attempt) => attempt.startsWith(`${uid} `));
    ok(of.length <= starts.length, `${of.length} Events tell of ${starts}`);
  }
}

/** Copied is what Pods use, as it is now. */
function checkSecrets({ cloud }: DeployedWorld, all: Cluster[]): void {
  const wanted = all.flatMap((cluster) =>
    cluster.secrets
      .filter(({ metadata: { namespace } }) =>
        cluster.pods.some((pod) => !isTerminal(pod) && pod.metadata.namespace === namespace),
      )
      .map((secret) => {
        const value = Buffer.from(secret.data?.value ?? '', 'base64').toString();
        return `shallop/test/${cluster.name}/${nameOf(secret)} ${JSON.stringify({ value })}`;
      }),
  );
  const [tokens, copies] = [true, false].map((isTokens) =>
    [...cloud.secrets.entries.values()].filter(({ Name }) => Name.includes('/serviceaccount/') === isTokens),
  ) as [Entry[], Entry[]];
  const held = copies.map(({ Name, SecretString }) => `${Name} ${SecretString}`);
  same(held.sort(), wanted.sort(), 'copies of Secrets');
  checkTokens(tokens, all);
}

/** Kept is what Pods that reach the API have, for the account as it is now. */
function checkTokens(tokens: Entry[], all: Cluster[]): void {
  const { accounts = [], pods = [] } = all.find(({ name }) => name === 'default') ?? {};
  const wanted = accounts
    .filter(({ metadata: { namespace } }) =>
      pods.some((pod) => !isTerminal(pod) && pod.metadata.namespace === namespace),
    )
    .map(
      (account) =>
        `shallop/test/default/${account.metadata.namespace}/serviceaccount/default ${uidOf(account)}`,
    );
  // A token here is the uid of its account.
  const kept = tokens.map(({ Name, SecretString }) => `${Name} ${JSON.parse(SecretString).token}`);
  same(kept.sort(), wanted.sort(), 'tokens of service accounts');
}
