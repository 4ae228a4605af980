import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { openFargatePods } from '../../src/shared/cloud/aws/pods/index.ts';
import type { PodRuntime } from '../../src/shared/cloud/provider.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { FakeEcs } from '../support/aws/fakeEcs.ts';
import { kubelet } from '../support/aws/fakeEcsKubelet.ts';
import { podRuntimeContract, type RuntimeSubject } from './podRuntime.ts';

const stepMs = 20;

/** `forgetful`: a new runtime for every round, as when every call meets a fresh Lambda. */
const open =
  (forgetful: boolean) =>
  async (backOffMs: number): Promise<RuntimeSubject> => {
    const clock = new ManualClock();
    const ecs = new FakeEcs({ clock });
    ecs.setImage('server', { prints: ['hello'] });
    ecs.setImage('stubborn', { prints: ['hello'], onTerm: 'ignored' });
    ecs.setImage('crash', { prints: ['oops'], exits: { code: 3, afterMs: 10 } });
    ecs.setImage('done', { prints: ['bye'], exits: { code: 0, afterMs: 10 } });
    ecs.setImage('slow', { exits: { code: 0, afterMs: 500 } });
    for (const name of ['unknown', 'unknown:v9']) ecs.setImage(name, { missing: true });
    const fresh = () =>
      openFargatePods({
        deployment: 'test',
        cluster: 'pods',
        region: 'us-east-1',
        zones: [{ subnet: 'subnet-a', zone: 'us-east-1a' }],
        securityGroups: ['sg-1'],
        publicIp: true,
        logGroup: '/shallop/test/pods',
        executionRole: 'arn:aws:iam::000000000000:role/execution',
        projectorImage: 'busybox',
        ecs: ecs as never,
        logs: ecs.logs as never,
        clock,
        ids: seededIds(1),
        log: silentLogger,
        pollMs: stepMs,
        backOff: { baseMs: backOffMs, maxMs: 30 * backOffMs },
      });
    const one = fresh();
    const around = kubelet(() => (forgetful ? fresh() : one), clock);
    const pass = async () => {
      await clock.advance(stepMs);
      await around.round();
    };
    // Grace is part of a task definition, so that a stop cannot shorten it: short from the start, then.
    const ensure: PodRuntime['ensure'] = (ref, pod, sources) =>
      around.ensure(ref, { ...pod, spec: { ...pod.spec!, terminationGracePeriodSeconds: 2 } }, sources);
    return { runtime: { ...around, ensure, logs: ticking(around, clock) }, pass, close: async () => {} };
  };

/** Who follows a log waits by the clock: it goes on while somebody does. */
function ticking(runtime: PodRuntime, clock: ManualClock): PodRuntime['logs'] {
  return async function* (ref, container, options) {
    const timer = setInterval(() => void clock.advance(1000), 1);
    try {
      yield* runtime.logs(ref, container, options);
    } finally {
      clearInterval(timer);
    }
  };
}

podRuntimeContract('fargate', open(false));
podRuntimeContract('fargate, forgetting all between calls', open(true));
