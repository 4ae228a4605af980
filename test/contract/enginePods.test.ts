import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEnginePods } from '../../src/local/drivers/pods/engine/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { engineOrObstacle, loadPrograms, openEngineBench } from '../support/enginePods.ts';
import { needs } from '../support/needs.ts';
import { podGuestsContract } from './podGuests.ts';
import { podRuntimeContract } from './podRuntime.ts';
import { statisticsContract, subjectOn } from './statistics.ts';

/** The contracts of Pods on a real engine, the one that DOCKER_HOST names. */
const engine = await engineOrObstacle();

if (typeof engine === 'string') needs(engine).test('PodRuntime: engine', () => {});
else {
  await loadPrograms(engine);

  podRuntimeContract(engine.kind, async (backOffMs) => {
    const folder = await mkdtemp(join(tmpdir(), 'shallop-engine-'));
    const runtime = await openEnginePods({
      ...{ engine, clock: systemClock, folder: join(folder, 'data'), nodeNames: ['test'] },
      backOff: { baseMs: backOffMs, maxMs: 30 * backOffMs },
      retryMs: 200,
    });
    return {
      runtime,
      pass: () => systemClock.sleep(10),
      async close() {
        await runtime.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  });

  podGuestsContract(
    engine.kind,
    async () => {
      const bench = await openEngineBench(engine);
      return {
        runtime: bench.runtime,
        programNumber: '1',
        node: '/bin/node',
        async run(spec) {
          const ref = await bench.run(spec);
          await bench.until(ref, ({ containerStatuses }) => containerStatuses.every(({ ready }) => ready));
          return ref;
        },
        close: () => bench.close(),
      };
    },
    { hasTerminals: true },
  );

  statisticsContract(engine.kind, async () => subjectOn(await openEngineBench(engine)));
}
