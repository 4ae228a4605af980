import { configMap, core, type Figure, type Subject } from '../bench.ts';
import { measure } from '../load.ts';

const sample = 1000;

/** Cost of one write with 100 objects stored and with 100,000: it has to stay flat. */
export async function growth({ client, scale, id }: Subject): Promise<Figure[]> {
  const create = (prefix: string) => (i: number) =>
    client.call('POST', `${core}/configmaps`, configMap(`${prefix}-${id}-${i}`));
  const before = await measure(sample, 16, create('few'));
  await measure(Math.round(100_000 * scale), 16, create('grow'));
  const after = await measure(sample, 16, create('many'));
  return [
    {
      what: `cost per write, ${Math.round(100_000 * scale)} objects more`,
      measured: Number((before.perSecond / after.perSecond).toFixed(2)),
      unit: '×',
      goal: { atMost: 1.2 },
      note: `${before.perSecond} → ${after.perSecond} creates/s`,
    },
  ];
}
