import { isWindows, needs } from '../support/needs.ts';
import { openBench } from '../support/processPods.ts';
import { podGuestsContract } from './podGuests.ts';

needs('nothing runs on the fake runtime').test('PodRuntime with guests: fake', () => {});
needs('exec on Fargate goes through ECS sessions, not through the runtime').test(
  'PodRuntime with guests: fargate',
  () => {},
);

if (process.platform === 'win32') needs(isWindows).test('PodRuntime with guests: process', () => {});
else
  podGuestsContract('process', async () => {
    const bench = await openBench();
    return {
      runtime: bench.runtime,
      async run(spec) {
        const ref = await bench.run(spec);
        await bench.until(ref, ({ containerStatuses }) => containerStatuses.every(({ ready }) => ready));
        return ref;
      },
      close: () => bench.close(),
    };
  });
