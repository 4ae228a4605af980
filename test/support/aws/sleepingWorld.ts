import type { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { ALBEvent } from 'aws-lambda';
import { balancersNow } from '../../../src/aws/balancers.ts';
import { openApplicationLoadBalancers } from '../../../src/aws/drivers/ingresses/index.ts';
import { openSender } from '../../../src/aws/drivers/sender.ts';
import { openActivator } from '../../../src/aws/scaletozero/activator.ts';
import type { HeldAnswer } from '../../../src/aws/scaletozero/message.ts';
import { meteredDemand } from '../../../src/aws/scaletozero/metered.ts';
import { sweepSleepers } from '../../../src/aws/scaletozero/sweep.ts';
import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { isReady } from '../../../src/shared/controllers/common/pods.ts';
import { deployments, ingresses, pods, services } from '../../../src/shared/controllers/resources.ts';
import { createFakePods } from '../../../src/shared/fake/pods.ts';
import type { Service } from '../../../src/shared/kinds/schema/types.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import { afterAnnotation } from '../../../src/shared/ports/demand.ts';
import { closeWorld, createWorld, deploymentOf, isRunning } from '../controllers/world.ts';
import { FakeElb } from './fakeElb.ts';
import { type ListenerAction, ledTo } from './fakeRules.ts';

const activatorArn = 'arn:aws:lambda:us-east-1:000000000000:function:shallop-dev-activator';
const minuteMs = 60_000;
/** After which every node of a load balancer knows its rules, and CloudWatch of a minute's requests. */
const slowestNodeMs = 10_000;
const slowestMetricMs = 150_000;

/** What became of a request. */
export interface Served {
  status: number;
  /** By whom it waited, if it did. */
  waited: boolean;
}

/**
 * All controllers, a fake ELBv2 whose nodes learn of rules late, a CloudWatch that tells late, Pods that take time to start and
 * to become healthy, the sleeper each minute and the activator. A Pod that ends with a request under way has lost it.
 */
export async function openSleepingWorld(seed: number, after = '5m') {
  const clock = new ManualClock();
  const ids = seededIds(seed);
  const upTo = (ms: number) => Math.floor(ids.random() * ms);
  const elb = new FakeElb();
  elb.timing = {
    clock,
    initialMs: () => 10_000 + upTo(30_000),
    tailMs: () => upTo(20_000),
    webTailMs: () => upTo(20_000),
  };
  elb.acm.clear();
  const history: { at: number; action: ListenerAction | undefined }[] = [];
  const observed = {
    send: async (command: Parameters<typeof elb.client.send>[0]): Promise<never> => {
      const answer = await elb.client.send(command);
      const [listener] = elb.listeners.values();
      history.push({ at: clock.now(), action: structuredClone(listener?.DefaultActions[0]) });
      return answer;
    },
  };
  const options = { ...elb.options, elb: observed, activator: activatorArn };
  const runtime = createFakePods({ clock, startDelayMs: 3_000 + upTo(40_000) });
  const world = createWorld({
    clock,
    seed,
    runtime,
    ports: { ingresses: openApplicationLoadBalancers(options) },
    env: { balancersOf: balancersNow },
  });
  const clients = () => world.client;
  const counts = new Map<string, number>();
  const count = (group: string) => {
    const key = `${group.split(':').at(-1)} ${Math.floor(clock.now() / minuteMs)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const cloudwatch = {
    send: async ({ input }: GetMetricDataCommand) => ({
      MetricDataResults: (input.MetricDataQueries ?? []).map(({ MetricStat }) => {
        const group = MetricStat?.Metric?.Dimensions?.find(({ Name }) => Name === 'TargetGroup')?.Value;
        const told = [...counts]
          .map(([key, sum]) => ({ key: key.split(' '), sum }))
          .filter(({ key }) => key[0] === group)
          .map(({ key, sum }) => ({ at: Number(key[1]) * minuteMs, sum }))
          .filter(({ at }) => at + minuteMs + upTo(slowestMetricMs) < clock.now());
        return { Timestamps: told.map(({ at }) => new Date(at)), Values: told.map(({ sum }) => sum) };
      }),
    }),
  } as unknown as Parameters<typeof meteredDemand>[0]['cloudwatch'];
  const log = silentLogger;
  const parts = { deployment: 'dev', clients, clock, ids, log };
  const api = { elb: observed, ec2: elb.client, send: openSender({ clock, ids }) };
  const demand = meteredDemand({ ...parts, api, cloudwatch });

  /** How often programs heard each request. */
  const heard = new Map<string, number>();
  const isAlive = async (address: string) =>
    (await world.client.list(pods)).some((pod) => pod.status?.podIP === address && isRunning(pod));
  /** 200 when the Pod was there to the end. */
  const run = async (id: string, address: string): Promise<number | undefined> => {
    if (!(await isAlive(address))) return undefined;
    heard.set(id, (heard.get(id) ?? 0) + 1);
    await clock.sleep(100 + upTo(15_000));
    return (await isAlive(address)) ? 200 : 502;
  };
  const activate = openActivator({
    ...parts,
    send: async ({ address }, { body }): Promise<HeldAnswer | undefined> => {
      const status = await run(body.toString(), address);
      return status === undefined
        ? undefined
        : { status, statusText: '', headers: {}, body: Buffer.alloc(0) };
    },
    onUnanswered: () => {},
  });

  const request = async (id: string): Promise<Served> => {
    const knows = clock.now() - upTo(slowestNodeMs);
    const action = history.findLast(({ at }) => at <= knows)?.action;
    const arn = action && ledTo(action);
    if (!arn || !elb.groups.has(arn)) return { status: 503, waited: false };
    count(arn);
    const [target, ...more] = elb.sentTo(arn);
    if (!target) return { status: 503, waited: false };
    if (target === activatorArn) {
      const event = {
        requestContext: { elb: { targetGroupArn: arn } },
        httpMethod: 'POST',
        path: '/',
        body: id,
      };
      return { status: (await activate(event as unknown as ALBEvent)).status, waited: true };
    }
    const all = [target, ...more];
    return { status: (await run(id, all[upTo(all.length)]!)) ?? 502, waited: false };
  };

  await world.manager.start();
  await world.client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', annotations: { [afterAnnotation]: after } },
    spec: { type: 'ClusterIP', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  } as Service);
  await world.client.create(ingresses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'site', namespace: 'default' },
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  });
  const deployment = deploymentOf('web', 1 + upTo(2));
  const { spec } = deployment.spec!.template;
  Object.assign(spec!, { readinessGates: [{ conditionType: 'ingress.shallop.dev/site' }] });
  await world.client.create(deployments, deployment);

  return {
    ...{ world, clock, ids, elb, heard, request },
    /** The sleeper's turn. */
    sweep: () => sweepSleepers({ ...parts, demand }),
    size: async () => (await world.client.get(deployments, 'default', 'web'))?.spec?.replicas,
    readyPods: async () => (await world.client.list(pods)).filter(isReady).length,
    close: () => closeWorld(world),
  };
}
