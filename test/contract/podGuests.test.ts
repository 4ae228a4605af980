import { test } from '@jest/globals';
import { openBench } from '../support/processPods.ts';
import { podGuestsContract } from './podGuests.ts';

test.skip('PodRuntime with guests: fake: nothing runs there', () => {});
test.skip('PodRuntime with guests: fargate: exec goes through ECS sessions, the rest is not there yet', () => {});

if (process.platform === 'win32')
  test.skip('PodRuntime with guests: process needs process groups, which Windows has not', () => {});
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
