import { residentMiB } from '../../test/support/process.ts';
import { core, type Figure, pod, prepareNamespace, type Subject } from '../bench.ts';
import { measure } from '../load.ts';

/** What a fresh control plane takes once it holds 20,000 Pods. */
export async function memory(subject: Subject, pid: number): Promise<Figure[]> {
  const { client, scale, id } = subject;
  const count = Math.round(20_000 * scale);
  await prepareNamespace(subject);
  await measure(count, 16, (i) => client.call('POST', `${core}/pods`, pod(`m-${id}-${i}`)));
  const goals = count > 20_000 ? [1536, 1536] : [290, 300];
  const before = residentMiB(pid);
  const beforeFile = residentMiB(pid, 'RssFile');
  for (let i = 0; i < 5; i++) await client.call('GET', `${core}/pods`, undefined, undefined, false);
  return [
    {
      what: `RSS with ${count} Pods`,
      measured: before,
      unit: 'MiB',
      goal: { atMost: goals[0]! },
      note: `a fresh process, Pods created ×16; ${beforeFile} MiB of it pages of files`,
    },
    {
      what: 'RSS after five LISTs of them',
      measured: residentMiB(pid),
      unit: 'MiB',
      reference: 1050,
      goal: { atMost: goals[1]! },
      note: `${residentMiB(pid, 'RssFile')} MiB of it pages of files; the reference had ConfigMaps too`,
    },
  ];
}
