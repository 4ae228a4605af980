import { configMap, core, type Figure, type Subject } from '../bench.ts';
import { pause, percentile } from '../load.ts';

const writesPerSecond = 200;
const merge = 'application/merge-patch+json';

/** From sending a PATCH to receiving its event on another connection, at a steady 200 writes a second. */
export async function watch({ client, scale, id }: Subject): Promise<Figure[]> {
  for (let i = 0; i < 200; i++) await client.call('POST', `${core}/configmaps`, configMap(`w-${id}-${i}`));
  const start = JSON.parse((await client.call('GET', `${core}/configmaps?limit=1`)).text).metadata
    .resourceVersion;
  const sent = new Map<string, number>();
  const latencies: number[] = [];
  const stop = client.watch(`${core}/configmaps?watch=true&resourceVersion=${start}`, ({ object }) => {
    const mark = (object as { data?: { w?: string } }).data?.w ?? '';
    const begun = sent.get(mark);
    if (begun === undefined) return;
    latencies.push(performance.now() - begun);
    sent.delete(mark);
  });
  await pause(500);
  await writeSteadily(Math.max(100, Math.round(2000 * scale)), (i) => {
    const mark = `${id}-${i}`;
    sent.set(mark, performance.now());
    return client.call('PATCH', `${core}/configmaps/w-${id}-${i % 200}`, { data: { w: mark } }, merge);
  });
  for (let waited = 0; sent.size > 0 && waited < 5000; waited += 50) await pause(50);
  stop();
  const note = sent.size ? `${sent.size} EVENTS LOST` : `${latencies.length} events`;
  const figure = (name: string, at: number, reference: number, atMost: number): Figure => ({
    what: `watch, write sent → event, ${name}`,
    measured: percentile(latencies, at),
    unit: 'ms',
    reference,
    goal: { atMost },
    note,
  });
  return [figure('p50', 0.5, 2.5, 1.3), figure('p99', 0.99, 8.5, 5)];
}

async function writeSteadily(count: number, write: (index: number) => Promise<unknown>): Promise<void> {
  const started = performance.now();
  const under: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    const early = started + (i * 1000) / writesPerSecond - performance.now();
    if (early > 0) await pause(early);
    under.push(write(i));
  }
  await Promise.all(under);
}
