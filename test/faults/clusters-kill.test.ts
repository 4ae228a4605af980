import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { residentMiB } from '../support/process.ts';

/** 10,000 in full: `SHALLOP_CLUSTERS=10000 npm test -- --testPathPatterns clusters-kill`. */
const count = Number(process.env.SHALLOP_CLUSTERS ?? 150);
/** One of so many is a fork of the one before. */
const everyFork = 10;
const atOnce = 8;
const limitMs = 300_000 + 500 * count;

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('clusters-kill');
});
afterAll(() => plane.close(), limitMs);

const nameOf = (i: number) => `c${i}`;
const isFork = (i: number) => i % everyFork === everyFork - 1;
const maps = (i: number) => `/clusters/${nameOf(i)}/api/v1/namespaces/default/configmaps`;

async function each(work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

test(
  `${count} clusters with objects in each, forks among them, are all there after kill -9`,
  async () => {
    await plane.start();
    const seconds = stopwatch();
    let client = new LoadClient(plane.kubeconfig);
    const expecting = async (code: number, ...call: Parameters<LoadClient['call']>) => {
      const { status, text } = await client.call(...call);
      if (status !== code) throw new Error(`${call[0]} ${call[1]}: ${status} ${text}`);
      return JSON.parse(text);
    };
    const make = (i: number, spec?: object) =>
      expecting(201, 'POST', '/apis/shallop.dev/v1/logicalclusters', {
        apiVersion: 'shallop.dev/v1',
        kind: 'LogicalCluster',
        metadata: { name: nameOf(i) },
        ...(spec && { spec }),
      });
    const put = (i: number, name: string, data: object) =>
      expecting(201, 'POST', maps(i), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

    await each(async (i) => {
      if (isFork(i)) return;
      await make(i);
      await put(i, 'own', { of: nameOf(i) });
    });
    await each(async (i) => {
      if (!isFork(i)) return;
      await make(i, { base: nameOf(i - 1) });
      await put(i, 'added', { of: nameOf(i) });
      // What the base has become the fork does not show, after the kill either.
      await put(i - 1, 'later', { of: nameOf(i - 1) });
      await expecting(200, 'DELETE', `${maps(i - 1)}/own`);
    });
    const making = seconds();
    const before = memory(plane);
    await plane.kill();
    client.close();
    const onDisk = statSync(join(plane.dataDir, 'storage', 'data.mdb')).blocks * 512;

    seconds();
    await plane.start();
    const starting = seconds();
    client = new LoadClient(plane.kubeconfig);
    const wrong: string[] = [];
    await each(async (i) => {
      const { items } = await expecting(200, 'GET', maps(i));
      const found = (items as { metadata: { name: string }; data: { of: string } }[])
        .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
        .map(({ metadata, data }) => `${metadata.name}=${data.of}`);
      const isBase = i + 1 < count && isFork(i + 1);
      const wanted = isFork(i)
        ? [`added=${nameOf(i)}`, `own=${nameOf(i - 1)}`]
        : [isBase ? `later=${nameOf(i)}` : `own=${nameOf(i)}`];
      if (`${found}` !== `${wanted}`) wrong.push(`${nameOf(i)}: ${found}`);
    });
    expect(wrong).toEqual([]);
    client.close();
    const after = memory(plane);
    console.info(
      `${count} clusters: made in ${making} s (${before}, ${Math.round(onDisk / 2 ** 20)} MiB on disk); ` +
        `ready ${starting} s after kill -9, all read in ${seconds()} s (${after})`,
    );
  },
  limitMs,
);

/** @returns a function that says how many seconds have passed since it was called last. */
function stopwatch(): () => string {
  let begun = performance.now();
  return () => {
    const passed = performance.now() - begun;
    begun += passed;
    return (passed / 1000).toFixed(1);
  };
}

const memory = ({ child }: Plane) =>
  process.platform === 'linux' ? `RSS ${residentMiB(child!.pid!)} MiB` : 'RSS is told on Linux only';
