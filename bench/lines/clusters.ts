import { residentMiB } from '../../test/support/process.ts';
import { configMap, type Figure, type Subject } from '../bench.ts';
import { measure, pause, percentile } from '../load.ts';

const all = '/apis/shallop.dev/v1/logicalclusters';
/** Longer than a cluster has to be quiet before it rests. */
const settleMs = 15_000;

/** What logical clusters cost: the first request to one of them, many of them, and one that begins as another. */
export async function clusters(subject: Subject, pid: number): Promise<Figure[]> {
  const { client, scale, id } = subject;
  const create = async (name: string, spec?: object) => {
    const body = { apiVersion: 'shallop.dev/v1', kind: 'LogicalCluster', metadata: { name }, spec };
    const { status, text } = await client.call('POST', all, body);
    if (status !== 201) throw new Error(text);
  };
  const post = (name: string, object: string) =>
    client.call('POST', `/clusters/${name}/api/v1/namespaces/default/configmaps`, configMap(object));
  const get = async (path: string) => {
    const { status, text } = await client.call('GET', path);
    if (status !== 200) throw new Error(text);
  };
  // The first of all is made with all it begins with; the others share that.
  const first = await timed(async () => {
    await create(`${id}-first`);
    await get(`/clusters/${id}-first/api/v1/namespaces/default`);
  });

  const creates: number[] = [];
  for (let i = 0; i < Math.max(20, Math.round(200 * scale)); i++)
    creates.push(
      await timed(async () => {
        await create(`${id}-c${i}`);
        await get(`/clusters/${id}-c${i}/api/v1/namespaces/default`);
      }),
    );

  await create(`${id}-base`);
  const count = Math.round(5_000 * Math.min(1, scale));
  await measure(count, 16, (i) => post(`${id}-base`, `m-${i}`));
  const forks: number[] = [];
  for (let i = 0; i < 20; i++)
    forks.push(
      await timed(async () => {
        await create(`${id}-f${i}`, { base: `${id}-base` });
        await get(`/clusters/${id}-f${i}/api/v1/namespaces/default/configmaps/m-7`);
      }),
    );

  const many = Math.round(10_000 * scale);
  const rate = await measure(many, 8, async (i) => {
    await create(`${id}-n${i}`);
    return post(`${id}-n${i}`, 'm');
  });
  await pause(settleMs);
  return [
    {
      what: 'a logical cluster from its creation to its first answer, p50',
      measured: percentile(creates, 0.5),
      unit: 'ms',
      goal: { atMost: 5 },
      note: `p99 ${percentile(creates, 0.99)} ms; the first of a data folder ${Math.round(first)} ms`,
    },
    {
      what: `a fork of ${count} objects to its first answer, p50`,
      measured: percentile(forks, 0.5),
      unit: 'ms',
      goal: { atMost: 10 },
      note: `p99 ${percentile(forks, 0.99)} ms`,
    },
    {
      what: `RSS with ${many} idle clusters, an object in each`,
      measured: residentMiB(pid),
      unit: 'MiB',
      goal: { atMost: 1024 },
      note: `${residentMiB(pid, 'RssFile')} MiB of it pages of files; ${Math.round(rate.perSecond)} clusters with their object a second ×8`,
    },
  ];
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
