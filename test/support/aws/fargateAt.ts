import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { expect } from '@jest/globals';
import { openFargatePods } from '../../../src/aws/drivers/pods/index.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import type { PodRef } from '../../../src/shared/ports/cloud.ts';
import { type Account, region } from './account.ts';
import { driverClients, driverParts, network } from './driverClients.ts';
import { kubelet } from './fakeEcsKubelet.ts';
import { settings } from './fakeEcsWorld.ts';

/** The driver of Pods before an emulator's ECS, in a cluster and a network of their own. */
export async function fargateAt(account: Account) {
  const { cluster } = settings;
  const clients = driverClients(account);
  const { ecs } = clients;
  const { subnets, ...place } = await network(clients);
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const options = {
    ...settings,
    ...driverParts,
    ecs,
    logs: account.open(CloudWatchLogsClient),
    log: silentLogger,
    zones: subnets.map((subnet, i) => ({ subnet, zone: `${region}${'ab'[i]}` })),
    securityGroups: [place.securityGroup],
  };
  /** The only one of a Pod. */
  const taskOf = async ({ uid }: PodRef): Promise<Task> => {
    const { taskArns: tasks = [] } = await ecs.send(new ListTasksCommand({ cluster, startedBy: uid }));
    expect(tasks).toHaveLength(1);
    const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks, include: ['TAGS'] }));
    return answer.tasks![0]!;
  };
  const definitions = async () =>
    (await ecs.send(new ListTaskDefinitionsCommand({}))).taskDefinitionArns ?? [];
  // What each call meets remembers nothing.
  const runtime = kubelet(() => openFargatePods(options), systemClock);
  return { ...clients, options, place: { ...place, subnets }, runtime, taskOf, definitions };
}
