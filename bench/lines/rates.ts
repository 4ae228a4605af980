import { cpuSeconds } from '../../test/support/process.ts';
import type { Figure, Subject } from '../bench.ts';
import { measure, type Rate } from '../load.ts';
import { prepareObjects, requestsOf } from '../requests.ts';

/** Rates of etcd + kube-apiserver on this class of machine, and what shallop has to reach of them (docs/bench.md). */
const published: Record<string, { reference: number; ratio: number }> = {
  'create ConfigMap 1 KB ×1': { reference: 590, ratio: 1.6 },
  'create ConfigMap 1 KB ×16': { reference: 1728, ratio: 2.5 },
  'GET ConfigMap ×1': { reference: 1111, ratio: 3 },
  'GET ConfigMap ×16': { reference: 3788, ratio: 2.5 },
  'merge PATCH ConfigMap ×1': { reference: 592, ratio: 1.6 },
  'merge PATCH ConfigMap ×16': { reference: 1480, ratio: 2.5 },
  'create Pod ×16': { reference: 1263, ratio: 2 },
  'create custom object with rules ×16': { reference: 520, ratio: 2 },
};

export async function rates(subject: Subject): Promise<Figure[]> {
  const { scale, pid } = subject;
  const kinds = await prepareObjects(subject);
  const figures: Figure[] = [];
  for (const { what, clients, count, send } of requestsOf(subject, kinds)) {
    const times = Math.max(50, Math.round(count * scale));
    const before = pid === undefined ? 0 : cpuSeconds(pid);
    const rate = await measure(times, clients, send);
    const used = pid === undefined ? undefined : ((cpuSeconds(pid) - before) / times) * 1e6;
    figures.push(figureOf(what, rate, used));
  }
  return figures;
}

/** `used`: microseconds of a core for each request. */
function figureOf(what: string, rate: Rate, used: number | undefined): Figure {
  const goal = published[what];
  const trouble = rate.failed ? `, ${rate.failed} FAILED` : '';
  const cpu = used === undefined ? '' : `, ${Math.round(used)} µs of CPU`;
  return {
    what,
    measured: rate.perSecond,
    unit: '/s',
    ...(goal && { reference: goal.reference, ratio: goal.ratio }),
    ...(goal && { goal: { atLeast: Math.round(goal.reference * goal.ratio) } }),
    note: `p50 ${rate.p50ms} ms, p99 ${rate.p99ms} ms${cpu}${trouble}`,
  };
}
