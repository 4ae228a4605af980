import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProcessPods } from '../../src/local/drivers/pods/index.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { createFakePods } from '../../src/shared/fake/pods.ts';
import { isWindows, needs } from '../support/needs.ts';
import { addPrograms } from '../support/programs.ts';
import { trivialNetwork } from '../support/trivialNetwork.ts';
import { podRuntimeContract } from './podRuntime.ts';

podRuntimeContract('fake', async (backOffMs) => {
  const clock = new ManualClock();
  const runtime = createFakePods({ clock, backOff: { baseMs: backOffMs, maxMs: 30 * backOffMs } });
  runtime.setImage('server', { prints: ['hello'] });
  runtime.setImage('stubborn', { prints: ['hello'], onTerm: 'ignored' });
  runtime.setImage('crash', { prints: ['oops'], exits: { code: 3, afterMs: 10 } });
  runtime.setImage('done', { prints: ['bye'], exits: { code: 0, afterMs: 10 } });
  runtime.setImage('slow', { exits: { code: 0, afterMs: 500 } });
  for (const name of ['unknown', 'unknown:v9']) runtime.setImage(name, { missing: true });
  return { runtime, pass: () => clock.advance(20), close: async () => {} };
});

if (process.platform === 'win32') needs(isWindows).test('PodRuntime: process', () => {});
else
  podRuntimeContract('process', async (backOffMs) => {
    const folder = await mkdtemp(join(tmpdir(), 'shallop-pods-'));
    const imageMap = join(folder, 'images.json');
    await addPrograms(imageMap, folder);
    const runtime = await openProcessPods({
      clock: systemClock,
      folder: join(folder, 'data'),
      imageMap,
      network: trivialNetwork(),
      nodeNames: ['test'],
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
