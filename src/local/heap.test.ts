import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

/** Lets its heap grow by what it does not keep, twice, and ends when each time it has been given back. */
const program = `
  const { keepHeapSmall } = await import(${JSON.stringify(new URL('./heap.ts', import.meta.url))});
  const { getHeapSpaceStatistics } = await import('node:v8');
  const { setTimeout: pause } = await import('node:timers/promises');
  const young = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size >> 20;
  keepHeapSmall({ quietMs: 300, betweenMs: 300, leastSpareMiB: 2 });
  for (let turn = 0; turn < 2; turn++) {
    let kept = [];
    for (let i = 0; young() < 8; i++) {
      kept.push({ i });
      if (kept.length > 400_000) kept = [];
    }
    kept = [];
    console.log('grown');
    while (young() > 2) await pause(100);
    console.log('small');
  }
`;

test('what a burst has left is given back once the process rests, and may be taken again', async () => {
  const run = promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program],
    { timeout: 60_000 },
  );
  expect((await run).stdout.split('\n').filter(Boolean)).toEqual(['grown', 'small', 'grown', 'small']);
});
