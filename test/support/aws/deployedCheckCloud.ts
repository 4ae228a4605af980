import { ok, deepStrictEqual as same } from 'node:assert/strict';
import { domainOf } from '../../../src/aws/drivers/domain.ts';
import { isTerminal } from '../../../src/shared/controllers/common/pods.ts';
import type { Service } from '../../../src/shared/kinds/schema/types.ts';
import { clusterDomain } from '../../../src/shared/ports/names.ts';
import { type Cluster, isReady, nameOf, uidOf } from './deployedObserved.ts';
import type { DeployedWorld } from './deployedWorld.ts';
import type { Entry } from './fakeSecrets.ts';

/** What AWS holds, and what Events tell of it, is what these objects ask for. Throws on what is not. */
export function checkCloud(world: DeployedWorld, all: Cluster[]): void {
  checkTasks(world, all);
  checkServices(world, all);
  checkEvents(world, all);
  checkSecrets(world, all);
}

const isBalanced = ({ spec }: Service) => spec?.type === 'LoadBalancer';

/** One for each Pod that has not ended. */
function checkTasks({ cloud }: DeployedWorld, all: Cluster[]): void {
  const startedBy = cloud.running.map((task) => task.startedBy ?? '');
  const alive = all.flatMap((cluster) => cluster.pods.filter((pod) => !isTerminal(pod)));
  same(startedBy.sort(), alive.map(uidOf).sort(), 'whose tasks run');
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
    // Connections may come to a target for two minutes after it was told to leave.
    const targets = elb.registered(points[0]?.hostname ?? '', 80).sort();
    same(targets, addresses.map((address) => `${address}:8080`).sort(), `targets ${what}`);
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
  const kept = tokens.map(({ Name, SecretString }) => `${Name} ${JSON.parse(SecretString).boot}`);
  same(kept.sort(), wanted.sort(), 'tokens of service accounts');
}
