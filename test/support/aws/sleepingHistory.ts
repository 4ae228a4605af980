import { events } from '../../../src/shared/controllers/resources.ts';
import type { Tally } from '../tally.ts';
import { openSleepingWorld, type Served } from './sleepingWorld.ts';

const minuteMs = 60_000;

/**
 * Requests to a Service come in bursts, with silences between that are long enough to fall asleep in, or not. Throws when one
 * is lost or heard twice, or when it is woken more often than it slept.
 */
export async function history(seed: number): Promise<Tally> {
  const sim = await openSleepingWorld(seed);
  const { clock, ids, heard } = sim;
  const upTo = (limit: number) => Math.floor(ids.random() * limit);
  const served = new Map<string, Served>();
  const under: Promise<void>[] = [];
  /** How often each Event says that it was woken. */
  const told = new Map<string, number>();
  let failed = 0;
  let wakes = 0;
  let before = await sim.size();
  const step = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      await clock.advance(1_000);
      if (clock.now() % minuteMs === 0) {
        under.push(
          sim.sweep().then((count) => {
            failed += count;
          }),
        );
        // Events are gone after an hour.
        for (const { metadata, reason, involvedObject, count = 1 } of await sim.world.client.list(events))
          if (reason === 'Activated' && involvedObject?.kind === 'Deployment')
            told.set(metadata.uid ?? '', count);
      }
      const size = await sim.size();
      if (before === 0 && size !== 0) wakes++;
      before = size;
    }
  };
  await step(5 * minuteMs);
  for (let burst = 0; burst < 6; burst++) {
    await step(upTo(25) * minuteMs + upTo(minuteMs));
    for (let i = 0, count = 1 + upTo(5); i < count; i++) {
      const id = `${burst}-${i}`;
      under.push(sim.request(id).then((outcome) => void served.set(id, outcome)));
      if (ids.random() < 0.5) await step(upTo(20_000));
    }
  }
  let isOver = false;
  const all = Promise.all(under).finally(() => {
    isOver = true;
  });
  while (!isOver) await step(1_000);
  await all;
  await step(minuteMs);
  const woken = [...told.values()].reduce((sum, count) => sum + count, 0);
  await sim.close();
  const lost = [...served].filter(([, { status }]) => status !== 200);
  const repeated = [...heard].filter(([, times]) => times !== 1);
  const wrong = { lost, repeated, unheard: served.size - heard.size, failed, surplus: woken - wakes };
  if (JSON.stringify(wrong) !== '{"lost":[],"repeated":[],"unheard":0,"failed":0,"surplus":0}')
    throw new Error(`seed ${seed}: ${JSON.stringify(wrong)}`);
  const waited = [...served.values()].filter((each) => each.waited).length;
  return { sleeping: { histories: 1, requests: served.size, waited, wakes } };
}
