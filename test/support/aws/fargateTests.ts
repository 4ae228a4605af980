import { DescribeTaskDefinitionCommand, type Task } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { viewsOf } from '../../../src/aws/drivers/pods/context.ts';
import { blueprintOf } from '../../../src/aws/drivers/pods/definition.ts';
import { refOfTask, taskTags } from '../../../src/aws/drivers/pods/identity.ts';
import { openTasks } from '../../../src/aws/drivers/pods/tasks.ts';
import { openSender } from '../../../src/aws/drivers/sender.ts';
import { sweep } from '../../../src/aws/drivers/sweep/index.ts';
import { allStages } from '../../../src/aws/drivers/sweep/stages.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import type { Pod } from '../../../src/shared/kinds/schema/types.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import type { PodRef, PodSources } from '../../../src/shared/ports/cloud.ts';
import { type Account, region } from './account.ts';
import { driverParts } from './driverClients.ts';
import { podOf } from './fakeEcsWorld.ts';
import { fargateAt } from './fargateAt.ts';

const sources: PodSources = {
  configMap: async (name) => ({ metadata: { name }, data: { 'app.conf': 'a=1' } }),
  secret: async () => undefined,
  services: async () => [],
  token: async () => 'token',
  clusterCa: () => 'PEM',
};
const refOf = (name: string): PodRef => ({
  cluster: 'default',
  namespace: 'ns',
  name,
  uid: `uid-of-${name}`,
});
const byName = (a: PodRef, b: PodRef) => (a.name < b.name ? -1 : 1);
const resources = { requests: { cpu: '250m', memory: '512Mi' }, limits: { cpu: '250m', memory: '512Mi' } };
const web = (more: Partial<Pod['spec']> = {}) =>
  podOf({ containers: [{ name: 'c', image: 'web', resources }], ...more });

/** Pods on an ECS that starts tasks, as far as they need no containers that run. */
export function fargateTests(account: () => Account): void {
  describe('Pods as tasks on Fargate', () => {
    test('those of a template share a definition, and each has one task with an address', async () => {
      const { runtime, taskOf, definitions } = await fargateAt(account());
      const refs = ['a', 'b', 'c'].map(refOf);
      for (const ref of [...refs, ...refs]) await runtime.ensure(ref, web(), sources);
      expect(await definitions()).toHaveLength(1);
      for (const ref of refs) await taskOf(ref);
      expect((await runtime.list()).sort(byName)).toEqual(refs);
      const seen = await Promise.all(refs.map((ref) => runtime.observe(ref)));
      expect(new Set(seen.map((each) => each?.podIP)).size).toBe(refs.length);
    });

    test('a task is where its Pod says, and tells whose it is', async () => {
      const { runtime, taskOf, place } = await fargateAt(account());
      const [onDemand, spot] = [refOf('a'), refOf('b')];
      await runtime.ensure(onDemand, web(), sources);
      await runtime.ensure(spot, web({ nodeName: `fargate-spot-${region}b` }), sources);
      const subnetOf = ({ attachments = [] }: Task) =>
        attachments[0]?.details?.find(({ name }) => name === 'subnetId')?.value;
      const [a, b] = [await taskOf(onDemand), await taskOf(spot)];
      expect([a, b].map(subnetOf)).toEqual(place.subnets);
      expect([a.launchType, b.capacityProviderName]).toEqual(['FARGATE', 'FARGATE_SPOT']);
      expect([a, b].map((task) => refOfTask('dev', task))).toEqual([onDemand, spot]);
      expect(a.tags).toEqual(taskTags('dev', onDemand));
    });

    test('ECS knows all that a definition says', async () => {
      const { options, ecs, definitions } = await fargateAt(account());
      const pod = web({
        initContainers: [{ name: 'init', image: 'init', command: ['true'] }],
        containers: [
          {
            name: 'c',
            image: 'web',
            command: ['serve', '$(IP)'],
            env: [
              { name: 'KEY', value: 'value' },
              { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            ],
            readinessProbe: { httpGet: { port: 8080, path: '/' } },
            livenessProbe: { grpc: { port: 9090 } },
            lifecycle: { preStop: { exec: { command: ['drain'] } } },
            securityContext: { runAsUser: 1000 },
            volumeMounts: [
              { name: 'conf', mountPath: '/etc/app' },
              { name: 'conf', mountPath: '/etc/app.conf', subPath: 'app.conf' },
            ],
          },
          { name: 'd', image: 'web', securityContext: { readOnlyRootFilesystem: true } },
        ],
        volumes: [{ name: 'conf', configMap: { name: 'conf' } }],
      });
      const { definition } = await blueprintOf(viewsOf(refOf('a'), pod, sources), options);
      await openTasks(ecs, options.cluster, openSender(options)).register(definition);
      const [taskDefinition] = await definitions();
      const { tags, ...rest } = definition;
      const request = new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] });
      const found = await ecs.send(request);
      expect(found.taskDefinition).toMatchObject(rest);
      expect(found.tags).toEqual(tags);
    });

    test('a Pod that is stopped has no task any more', async () => {
      const { runtime, taskOf } = await fargateAt(account());
      const [a, b] = [refOf('a'), refOf('b')];
      for (const ref of [a, b]) await runtime.ensure(ref, web(), sources);
      await runtime.stop(a, 0);
      await runtime.stop(a, 0);
      expect(await runtime.list()).toEqual([b]);
      expect(await taskOf(a)).toMatchObject({
        lastStatus: 'STOPPED',
        stoppedReason: 'the Pod is being stopped',
      });
      const seen = await runtime.observe(a);
      expect(seen?.stopped).toBe(true);
      expect(seen?.containerStatuses).toMatchObject([{ ready: false, state: { terminated: {} } }]);
    });

    test('a sweep ends tasks and forgets definitions', async () => {
      const { runtime, place, definitions, options, ...clients } = await fargateAt(account());
      for (const name of ['a', 'b']) await runtime.ensure(refOf(name), web(), sources);
      const stages = allStages({
        ...driverParts,
        ...clients,
        ...place,
        cluster: options.cluster,
        hostedZone: 'none',
      });
      const swept = stages.filter(({ name }) => /task/.test(name));
      const until = Date.now() + 20_000;
      expect(await sweep({ stages: swept, clock: systemClock, log: silentLogger, until })).toEqual({});
      expect(await runtime.list()).toEqual([]);
      expect(await definitions()).toEqual([]);
    });
  });
}
