import { DescribeTaskDefinitionCommand, ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  CreateFileSystemCommand,
  DeleteFileSystemCommand,
  DescribeAccessPointsCommand,
  EFSClient,
} from '@aws-sdk/client-efs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalCloud, openLocalCloud } from '../../tools/emulator/localCloud.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { type CloudKubectl, kubectlOf } from '../support/aws/cloudKubectl.ts';
import { noAwsTests } from '../support/aws/noAwsTests.ts';
import { runningTasks } from '../support/aws/tasksOf.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const missing = noAwsTests(kubectl);

const name = 'workloads';
const cluster = `shallop-${name}`;

needs(missing).describe("workloads beside Deployments on AWS's services", () => {
  let cloud: LocalCloud;
  let cli: CloudKubectl;
  let ecs: ECSClient;
  let efs: EFSClient;

  const k = (...args: string[]) => cli.k(...args);
  const apply = (...manifests: object[]) => cli.apply(...manifests);
  const get = (what: string, path: string) => k('get', ...what.split(' '), '-o', `jsonpath=${path}`);
  const running = (image: string) => runningTasks(ecs, cluster, image);
  const podSpec = (image: string, more: object = {}) => ({ containers: [{ name: 'c', image, ...more }] });

  beforeAll(async () => {
    cloud = await openLocalCloud({ name, say: () => {} });
    ecs = new ECSClient({});
    efs = new EFSClient({});
    cli = kubectlOf(cloud, kubectl!);
    await cli.whenReady();
  }, 900_000);

  afterAll(async () => {
    await cloud?.close();
    cli?.close();
  });

  test('a CronJob makes a Job in its minute, whose task completes it', async () => {
    await apply({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'tick' },
      spec: {
        schedule: '* * * * *',
        concurrencyPolicy: 'Forbid',
        jobTemplate: {
          spec: { template: { spec: { ...podSpec('work:1'), restartPolicy: 'Never' } } },
        },
      },
    });
    await until('a task', async () => (await running('work:1')).length > 0, 270_000);
    const [task] = await running('work:1');
    await cloud.bridge!.exit(task!.taskArn!, 'c', 0);
    await until(
      'a run that succeeded',
      async () => (await get('cronjob tick', '{.status.lastSuccessfulTime}')) !== '',
      270_000,
    );
    expect(await get('jobs', '{.items[*].status.conditions[?(@.type=="Complete")].status}')).toMatch(/True/);
    await k('delete', 'cronjob', 'tick', '--cascade=foreground', '--timeout=180s');
    await until('no task of it', async () => (await running('work:1')).length === 0, 270_000);
  }, 1_200_000);

  test('each Pod of a StatefulSet has an access point of EFS, and its next task has it again', async () => {
    const { FileSystemId } = await efs.send(new CreateFileSystemCommand({ CreationToken: name }));
    const points = async () =>
      (await efs.send(new DescribeAccessPointsCommand({ FileSystemId }))).AccessPoints ?? [];
    await apply(
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'efs' },
        provisioner: 'efs.csi.aws.com',
        parameters: { provisioningMode: 'efs-ap', fileSystemId: FileSystemId },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec: {
          replicas: 2,
          serviceName: 'db',
          selector: { matchLabels: { app: 'db' } },
          template: {
            metadata: { labels: { app: 'db' } },
            spec: podSpec('db:1', { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
          },
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: {
                accessModes: ['ReadWriteMany'],
                storageClassName: 'efs',
                resources: { requests: { storage: '1Gi' } },
              },
            },
          ],
        },
      },
    );
    await k('rollout', 'status', 'statefulset/db', '--timeout=360s');
    const made = (await points()).map(({ AccessPointId }) => AccessPointId).sort();
    expect(made).toHaveLength(2);

    /** The access point that the task of a Pod mounts. */
    const mounted = async (pod: string) => {
      const uid = await get(`pod ${pod}`, '{.metadata.uid}');
      const task = (await running('db:1')).find(({ startedBy }) => startedBy === uid);
      const taskDefinition = task?.taskDefinitionArn;
      if (!taskDefinition) return undefined;
      const found = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      const volumes = found.taskDefinition?.volumes ?? [];
      const point = volumes.flatMap(
        (v) => v.efsVolumeConfiguration?.authorizationConfig?.accessPointId ?? [],
      );
      return { task: task.taskArn!, point: point[0] };
    };
    const first = await mounted('db-0');
    expect([first?.point, (await mounted('db-1'))?.point].sort()).toEqual(made);

    await ecs.send(
      new StopTaskCommand({ cluster, task: first!.task, reason: 'Your Spot Task was interrupted.' }),
    );
    await until(
      'another task with the same folder',
      async () => {
        const now = await mounted('db-0').catch(() => undefined);
        return now !== undefined && now.task !== first!.task && now.point === first!.point;
      },
      360_000,
    );
    expect(await points()).toHaveLength(2);

    await k('delete', 'statefulset', 'db', '--timeout=180s');
    await k('delete', 'pvc', '--all', '--timeout=180s');
    await until('no access point', async () => (await points()).length === 0, 360_000);
    await efs.send(new DeleteFileSystemCommand({ FileSystemId }));
  }, 1_800_000);

  test('an autoscaler keeps a Deployment within its limits, and says why it cannot measure', async () => {
    await k('create', 'deployment', 'web', '--image=web:1');
    await k('autoscale', 'deployment', 'web', '--min=2', '--max=3', '--cpu=50%');
    await until('two tasks', async () => (await running('web:1')).length === 2, 360_000);
    await until(
      'its reason',
      async () =>
        (await get('hpa web', '{.status.conditions[?(@.type=="ScalingActive")].reason}')) ===
        'FailedGetResourceMetric',
      270_000,
    );
    await k('delete', 'hpa,deployment', 'web', '--timeout=180s');
    await until('no task', async () => (await running('web:1')).length === 0, 270_000);
  }, 1_200_000);
});
