import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../test/support/until.ts';
import { core } from '../bench.ts';
import type { LoadClient } from '../load.ts';
import { bundle, type Plane } from '../plane.ts';
import type { Maker } from './maker.ts';
import { seconds } from './seconds.ts';

const run = promisify(execFile);
const lookMs = 5;
const mostMs = 120_000;

interface PodList {
  items: { metadata: { name: string }; status: { phase?: string } }[];
}

/** Pods of a control plane, through its API, and `shallop image load`. */
export function podMaker({ folder }: Plane, client: LoadClient): Maker {
  const list = async () => (JSON.parse((await client.call('GET', `${core}/pods`)).text) as PodList).items;

  async function start(image: string, names: string[]): Promise<void> {
    await Promise.all(names.map((name) => created(client, name, image)));
    const wanted = new Set(names);
    const areRunning = async () => {
      const mine = (await list()).filter(({ metadata }) => wanted.has(metadata.name));
      return mine.length === names.length && mine.every(({ status }) => status.phase === 'Running');
    };
    await until(`${names} are Running`, areRunning, mostMs, lookMs);
  }

  async function remove(names: string[]): Promise<void> {
    for (const name of names) await client.call('DELETE', `${core}/pods/${name}?gracePeriodSeconds=0`);
    const isLeft = async () => (await list()).some(({ metadata }) => names.includes(metadata.name));
    await until(`${names} are gone`, async () => !(await isLeft()), mostMs, lookMs);
  }

  return {
    start,
    remove,
    async pull(image) {
      await start(image, ['puller']);
      const told = await pulledIn(client, 'puller');
      await remove(['puller']);
      return told;
    },
    load: (file) =>
      seconds(() =>
        run(process.execPath, [bundle, 'image', 'load', file, '--data-dir', join(folder, 'data')]),
      ),
    marks: async () => [folder],
    // They are gone with the data folder.
    forget: async () => {},
  };
}

async function created(client: LoadClient, name: string, image: string): Promise<void> {
  const container = { name: 'c', image, imagePullPolicy: 'IfNotPresent' };
  const { status, text } = await client.call('POST', `${core}/pods`, {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  });
  if (status !== 201) throw new Error(`the Pod ${name} was refused: ${text}`);
}

/** How long the Event `Pulled` of a Pod says that it took. */
async function pulledIn(client: LoadClient, name: string): Promise<number> {
  const query = `fieldSelector=reason=Pulled,involvedObject.name=${name}`;
  let took: number | undefined;
  const isTold = async () => {
    const { text } = await client.call('GET', `${core}/events?${query}`);
    const [, minutes, count, unit] = / in (?:(\d+)m)?([\d.]+)(ms|s) \(/.exec(text) ?? [];
    if (count) took = Number(minutes ?? 0) * 60 + Number(count) / (unit === 'ms' ? 1000 : 1);
    return took !== undefined;
  };
  await until(`the Event Pulled of ${name}`, isTold, mostMs, lookMs);
  return took!;
}
