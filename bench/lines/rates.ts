import { configMap, core, type Figure, pod, type Subject } from '../bench.ts';
import { measure, type Rate } from '../load.ts';

const merge = 'application/merge-patch+json';
const counts: Record<number, number> = { 1: 1500, 16: 5000 };

/** Rates of etcd + kube-apiserver on this class of machine, and what shallop has to reach of them (docs/bench.md). */
const published: Record<string, { reference: number; ratio: number }> = {
  'create ConfigMap 1 KB ×1': { reference: 590, ratio: 1.6 },
  'create ConfigMap 1 KB ×16': { reference: 1728, ratio: 2.5 },
  'GET ConfigMap ×1': { reference: 1111, ratio: 2.5 },
  'GET ConfigMap ×16': { reference: 3788, ratio: 2 },
  'merge PATCH ConfigMap ×1': { reference: 592, ratio: 1.6 },
  'merge PATCH ConfigMap ×16': { reference: 1480, ratio: 2 },
  'create Pod ×16': { reference: 1263, ratio: 2 },
};

export async function rates({ client, scale, id }: Subject): Promise<Figure[]> {
  const figures: Figure[] = [];
  const times = (n: number) => Math.max(50, Math.round(n * scale));
  const note = (what: string, rate: Rate) => figures.push(figureOf(what, rate));
  const warm = (index: number) => `${core}/configmaps/warm-${id}-${index % 200}`;

  await measure(200, 4, (i) => client.call('POST', `${core}/configmaps`, configMap(`warm-${id}-${i}`)));
  for (const clients of [1, 16]) {
    const n = times(counts[clients]!);
    const create = (i: number) =>
      client.call('POST', `${core}/configmaps`, configMap(`c${clients}-${id}-${i}`));
    note(`create ConfigMap 1 KB ×${clients}`, await measure(n, clients, create));
    note(`GET ConfigMap ×${clients}`, await measure(n, clients, (i) => client.call('GET', warm(i))));
    const patch = (i: number) => client.call('PATCH', warm(i), { data: { k: `${clients}-${i}` } }, merge);
    note(`merge PATCH ConfigMap ×${clients}`, await measure(n, clients, patch));
  }
  const createPod = (i: number) => client.call('POST', `${core}/pods`, pod(`p-${id}-${i}`));
  note('create Pod ×16', await measure(times(5000), 16, createPod));
  return figures;
}

function figureOf(what: string, rate: Rate): Figure {
  const { reference, ratio } = published[what]!;
  const trouble = rate.failed ? `, ${rate.failed} FAILED` : '';
  return {
    what,
    measured: rate.perSecond,
    unit: '/s',
    reference,
    goal: { atLeast: Math.round(reference * ratio) },
    ratio,
    note: `p50 ${rate.p50ms} ms, p99 ${rate.p99ms} ms${trouble}`,
  };
}
