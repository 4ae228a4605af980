import { core, type Figure, pod, type Subject } from '../bench.ts';
import { measure, percentile } from '../load.ts';

const wanted = 20_000;

/** Fills the namespace up to 20,000 Pods, then reads them all in one answer, five times. */
export async function list({ client, scale, id }: Subject): Promise<Figure[]> {
  const total = Math.round(wanted * scale);
  const first = JSON.parse((await client.call('GET', `${core}/pods?limit=1`)).text);
  const have = first.items.length + (first.metadata.remainingItemCount ?? 0);
  await measure(Math.max(0, total - have), 16, (i) =>
    client.call('POST', `${core}/pods`, pod(`l-${id}-${i}`)),
  );
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    bytes = (await client.call('GET', `${core}/pods`, undefined, undefined, false)).bytes;
    times.push(performance.now() - started);
  }
  return [
    {
      what: `LIST ${total} Pods`,
      measured: percentile(times, 0.5),
      unit: 'ms',
      reference: 577,
      // Of five times as many.
      goal: { atMost: total > wanted ? 600 : 120 },
      note: `${(bytes / 2 ** 20).toFixed(1)} MiB, min ${percentile(times, 0)} ms`,
    },
  ];
}
