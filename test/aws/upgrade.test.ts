import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTasksCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runKubectl } from '../../examples/demo/story.ts';
import { kubeconfigOf } from '../../tools/emulator/awsKubeconfig.ts';
import { everythingOf } from '../../tools/emulator/leftovers.ts';
import { type LocalCloud, openLocalCloud } from '../../tools/emulator/localCloud.ts';
import { noMiniStack } from '../../tools/emulator/ministack.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { earlierTree, noCommit } from '../support/earlier.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** The deployment of an earlier version; nothing has been released yet, so it is the one that docs/findings.md begins with. */
const commit = '9ba1371';
const kubectl = packagedTool('kubectl', 'v35');
const missing = process.env.SHALLOP_AWS_TESTS
  ? (noMiniStack() ?? (noCommit(commit) || (!kubectl && 'the packaged kubectl is a Linux x86-64 binary')))
  : 'SHALLOP_AWS_TESTS=1 is not set';
const name = 'upgrade';
const cluster = `shallop-${name}`;

// Each test goes on from where the one before it stopped.
needs(missing).describe(`a deployment of ${commit} with objects, tasks and load balancers`, () => {
  let cloud: LocalCloud;
  let tree: ReturnType<typeof earlierTree>;
  let folder: string;
  let kubeconfig: string;
  const log: string[] = [];

  const k = async (...args: string[]): Promise<string> => {
    const { command, output, exitCode } = await runKubectl(kubectl!, kubeconfig, args);
    if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${output}`);
    return output.trim();
  };
  const login = () => writeFileSync(kubeconfig, kubeconfigOf(cloud), { mode: 0o600 });
  /** Those that run, by ARN, each with when it was started. */
  const tasks = async () => {
    const ecs = new ECSClient({});
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
    if (!taskArns.length) return [];
    const found = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return (found.tasks ?? []).map(({ taskArn, lastStatus }) => `${taskArn} ${lastStatus}`).sort();
  };
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
    folder = mkdtempSync(join(tmpdir(), 'shallop-aws-upgrade-'));
    kubeconfig = join(folder, 'kubeconfig');
    tree = earlierTree(commit);
    cloud = await openLocalCloud({ name, earlier: tree.folder, say: (line) => log.push(line) });
    login();
  }, 900_000);
  afterAll(async () => {
    await cloud?.close();
    tree?.remove();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test('is upgraded in place: nothing is restarted, nothing lost', async () => {
    await until('the default service account', async () => {
      const { exitCode } = await runKubectl(kubectl!, kubeconfig, ['get', 'serviceaccount', 'default']);
      return exitCode === 0;
    });
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
    login();
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
