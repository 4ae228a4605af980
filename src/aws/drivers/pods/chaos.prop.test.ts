import { test } from '@jest/globals';
import fc from 'fast-check';
import { awsError } from '../../../../test/support/aws/fakeEcsChecks.ts';
import { fakeEcsWorld } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { isStopped } from './tasks.ts';

type Blow =
  | { kind: 'pass'; ms: number }
  | { kind: 'stop'; which: number; code: 'UserInitiated' | 'TaskFailedToStart' }
  | { kind: 'fail'; name: string; times: number }
  | { kind: 'lose'; on: boolean };

const blow: fc.Arbitrary<Blow> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(5_000) }) },
  fc.record({
    kind: fc.constant('stop' as const),
    which: fc.nat(5),
    code: fc.constantFrom('UserInitiated' as const, 'TaskFailedToStart' as const),
  }),
  fc.record({
    kind: fc.constant('fail' as const),
    name: fc.constantFrom('RunTask', 'ListTasks', 'DescribeTasks', 'RegisterTaskDefinition', 'StopTask'),
    times: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({ kind: fc.constant('lose' as const), on: fc.boolean() }),
);

/**
 * Tasks are stopped behind the driver's back, calls are throttled, statuses are never written, lists lag, and every
 * call meets a new driver: no Pod ever has two tasks, and in the end each has one that runs.
 */
test('whatever happens, a Pod has one task, and in the end it runs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(blow, { maxLength: 40 }),
      fc.nat(10_000),
      fc.boolean(),
      async (blows, listedAfterMs, losingFirst) => {
        let losing = losingFirst;
        const { clock, ecs, run, runtime } = fakeEcsWorld({
          forgetful: true,
          listedAfterMs,
          loses: () => losing,
          driver: { backOff: { baseMs: 100, maxMs: 1_000 } },
        });
        const refs = [await run('app'), await run('app'), await run('other')];
        const round = async () => {
          // A refused round is what the queue tries again later.
          let over = false;
          const going = runtime.round().then(
            () => undefined,
            () => undefined,
          );
          void going.then(() => {
            over = true;
          });
          await clock.advance(0);
          while (!over) await clock.advance(500);
          onlyOneEach();
        };
        function onlyOneEach() {
          const alive = ecs.tasks().filter((task) => !isStopped(task));
          const owners = alive.map(({ startedBy }) => startedBy);
          if (new Set(owners).size !== owners.length) throw new Error(`two tasks for one Pod: ${owners}`);
        }
        for (const each of blows) {
          if (each.kind === 'pass') await clock.advance(each.ms);
          else if (each.kind === 'lose') losing = each.on;
          else if (each.kind === 'fail')
            ecs.failNext(each.name, awsError('ThrottlingException', 'Rate exceeded'), each.times);
          else ecs.stopTask(ecs.tasks().at(each.which)?.taskArn ?? '', each.code, 'chaos');
          await round();
        }
        losing = false;
        ecs.calm();
        for (let i = 0; i < 20; i++) {
          await clock.advance(2_000);
          await round();
        }
        const running = ecs.tasks().filter(({ lastStatus }) => lastStatus === 'RUNNING');
        if (running.length !== refs.length)
          throw new Error(`${running.length} tasks run for ${refs.length} Pods`);
        for (const ref of refs)
          if (!runtime.podOf(ref)?.status?.containerStatuses?.every(({ ready }) => ready))
            throw new Error(
              `${ref.name} is not ready: ${JSON.stringify(runtime.podOf(ref)?.status, null, 1)}`,
            );
      },
    ),
    { numRuns: Number(process.env.SHALLOP_RUNS ?? 30) },
  );
}, 600_000);
