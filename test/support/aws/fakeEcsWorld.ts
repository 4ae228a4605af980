import { openFargatePods } from '../../../src/aws/drivers/pods/index.ts';
import type { FargateOptions, FargateSettings } from '../../../src/aws/drivers/pods/options.ts';
import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import type {
  ConfigMap,
  Pod,
  PodSpec,
  Secret,
  ServiceAccount,
} from '../../../src/shared/kinds/schema/types.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import type { PodObservation, PodRef, PodSources, RuntimeEvent } from '../../../src/shared/ports/cloud.ts';
import { FakeEcs } from './fakeEcs.ts';
import { kubelet } from './fakeEcsKubelet.ts';
import type { FakeEcsOptions } from './fakeEcsOptions.ts';

export const settings: FargateSettings = {
  deployment: 'test',
  cluster: 'pods',
  region: 'us-east-1',
  zones: [
    { subnet: 'subnet-a', zone: 'us-east-1a' },
    { subnet: 'subnet-b', zone: 'us-east-1b' },
  ],
  securityGroups: ['sg-1'],
  publicIp: true,
  logGroup: '/shallop/test/pods',
  executionRole: 'arn:aws:iam::000000000000:role/execution',
  projectorImage: 'busybox',
  architecture: 'amd64',
};

export interface WorldOptions extends Omit<FakeEcsOptions, 'clock'> {
  driver?: Partial<FargateOptions>;
  /** A new driver for every call, as when each meets a fresh Lambda. */
  forgetful?: boolean;
  /** Whether a status is never written. */
  loses?: () => boolean;
}

/** The driver on an ECS in memory, with the pod controller's part and objects to refer to. */
export function fakeEcsWorld({ driver, forgetful, loses, ...fake }: WorldOptions = {}) {
  const clock = new ManualClock();
  const ecs = new FakeEcs({ clock, ...fake });
  const events: RuntimeEvent[] = [];
  const objects = {
    configMaps: {} as Record<string, ConfigMap>,
    secrets: {} as Record<string, Secret>,
    accounts: {} as Record<string, ServiceAccount>,
  };
  const fresh = () =>
    openFargatePods({
      ...settings,
      ecs: ecs as never,
      logs: ecs.logs as never,
      clock,
      ids: seededIds(1),
      log: silentLogger,
      events: (_, event) => events.push(event),
      ...driver,
    });
  const one = fresh();
  const runtime = kubelet(() => (forgetful ? fresh() : one), clock, loses);
  const sources: PodSources = {
    configMap: async (name) => objects.configMaps[name],
    secret: async (name) => objects.secrets[name],
    services: async () => [],
    token: async () => 'token',
    clusterCa: () => 'PEM',
    serviceAccount: async (name) => objects.accounts[name],
  };
  let serial = 0;
  const step = async (ms = 100) => {
    await clock.advance(ms);
    await runtime.round();
  };
  return {
    clock,
    ecs,
    events,
    ...objects,
    runtime,
    /** The driver itself, without the pod controller's part. */
    driver: one,
    sources,
    step,
    async run(spec: Partial<PodSpec> | string, more: Partial<Pod['metadata']> = {}): Promise<PodRef> {
      const uid = `00000000-0000-4000-8000-${String(serial++).padStart(12, '0')}`;
      const ref = { cluster: 'default', namespace: 'ns', name: `pod-${serial}`, uid };
      await runtime.ensure(ref, podOf(spec, more), sources);
      return ref;
    },
    /** Steps until the Pod is as `fits` says, or fails with what it was last. */
    async until(ref: PodRef, fits: (seen: PodObservation) => unknown, stepMs = 100): Promise<PodObservation> {
      let seen: PodObservation | undefined;
      for (let i = 0; i < 1000; i++) {
        seen = await runtime.observe(ref);
        if (seen && fits(seen)) return seen;
        await step(stepMs);
      }
      throw new Error(`never came to it: ${JSON.stringify(seen, null, 1)}`);
    },
    /** The Pod's task that should run. */
    task: () => ecs.tasks().find(({ desiredStatus }) => desiredStatus === 'RUNNING')?.taskArn ?? '',
  };
}

export const podOf = (spec: Partial<PodSpec> | string, more: Partial<Pod['metadata']> = {}): Pod => ({
  metadata: { name: 'p', namespace: 'ns', ...more },
  spec: {
    nodeName: 'fargate-us-east-1a',
    ...(typeof spec === 'string'
      ? { containers: [{ name: 'c', image: spec }] }
      : { containers: [], ...spec }),
  },
});
