import { core, type Figure, pod, prepareNamespace, type Subject } from '../bench.ts';
import { measure } from '../load.ts';
import { residentMiB } from './process.ts';

/** What a fresh control plane takes once it holds 20,000 Pods. */
export async function memory(subject: Subject, pid: number): Promise<Figure[]> {
  const { client, scale, id } = subject;
  const count = Math.round(20_000 * scale);
  await prepareNamespace(subject);
  await measure(count, 16, (i) => client.call('POST', `${core}/pods`, pod(`m-${id}-${i}`)));
  return [
    {
      what: `RSS with ${count} Pods`,
      measured: residentMiB(pid),
      unit: 'MiB',
      reference: 1050,
      goal: { atMost: 300 },
      note: 'a fresh process, Pods created ×16; the reference had listed them and had ConfigMaps too',
    },
  ];
}
