import type { ManualClock } from '../../src/shared/clock/manualClock.ts';
import type { PodRuntime } from '../../src/shared/ports/cloud.ts';
import { fakeEcsWorld } from '../support/aws/fakeEcsWorld.ts';
import { podRuntimeContract, type RuntimeSubject } from './podRuntime.ts';

const stepMs = 20;

/** `forgetful`: a new runtime for every round, as when every call meets a fresh Lambda. */
const open =
  (forgetful: boolean) =>
  async (backOffMs: number): Promise<RuntimeSubject> => {
    const driver = { pollMs: stepMs, backOff: { baseMs: backOffMs, maxMs: 30 * backOffMs } };
    const { clock, ecs, runtime, step } = fakeEcsWorld({ forgetful, driver });
    ecs.setImage('server', { prints: ['hello'] });
    ecs.setImage('stubborn', { prints: ['hello'], onTerm: 'ignored' });
    ecs.setImage('crash', { prints: ['oops'], exits: { code: 3, afterMs: 10 } });
    ecs.setImage('done', { prints: ['bye'], exits: { code: 0, afterMs: 10 } });
    ecs.setImage('slow', { exits: { code: 0, afterMs: 500 } });
    for (const name of ['unknown', 'unknown:v9']) ecs.setImage(name, { missing: true });
    // Grace is part of a task definition, so that a stop cannot shorten it: short from the start, then.
    const ensure: PodRuntime['ensure'] = (ref, pod, sources) =>
      runtime.ensure(ref, { ...pod, spec: { ...pod.spec!, terminationGracePeriodSeconds: 2 } }, sources);
    return {
      runtime: { ...runtime, ensure, logs: ticking(runtime, clock) },
      pass: () => step(stepMs),
      close: async () => {},
    };
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
