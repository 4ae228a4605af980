import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { filesThatTell } from '../support/filesThatTell.ts';
import { needs, notLinux } from '../support/needs.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { programs } from '../support/programs.ts';
import { until } from '../support/until.ts';
import { ledgerWriter, marks } from './control-plane-kill-writer.ts';

const kills = Number(process.env.SHALLOP_KILLS ?? 25);
const seed = Number(process.env.SHALLOP_SEED ?? Date.now() % 1e6);
const { random } = seededIds(seed);
const below = (count: number) => Math.floor(random() * count);

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const pods = '/api/v1/namespaces/default/pods';
const merge = 'application/merge-patch+json';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('plane-kill', programs);
});
afterAll(() => plane.close());

const { test: onLinux } = needs(notLinux);

onLinux(
  `A10: killed ${kills} times under load, Secrets and all, the control plane loses nothing acknowledged and no Pod is doubled or leaked`,
  async () => {
    const writers = Array.from({ length: 4 }, (_, i) =>
      ledgerWriter(`writer-${i}`, i % 2 ? 'Secret' : 'ConfigMap', below),
    );
    const acknowledged = () => writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
    await plane.start();
    await call('POST', deployments, web(3));

    for (let round = 0; round < kills; round++) {
      const early = round > 0 && random() < 0.25;
      if (round > 0 && (await startAndPerhapsDie(early))) continue;
      const client = new LoadClient(plane.kubeconfig);
      for (const writer of writers)
        expect({ seed, round, lost: await writer.verify(client) }).toEqual({ seed, round, lost: [] });
      const over = new AbortController();
      const work = [
        ...writers.map((writer) => writer.write(client, over.signal)),
        meddle(client, over.signal),
      ];
      // At any moment, after as much as a slow machine does too.
      const enough = acknowledged() + below(200);
      await until(`writes are acknowledged, seed ${seed}`, () => acknowledged() >= enough);
      await sleep(random() * 600);
      over.abort();
      await plane.kill();
      const wrong = (await Promise.all(work)).flat();
      client.close();
      expect({ seed, round, wrong, doubled: doubled() }).toEqual({ seed, round, wrong: [], doubled: [] });
    }

    expect({ seed, tells: filesThatTell(plane.dataDir, marks.Secret) }).toEqual({ seed, tells: [] });
    await plane.start();
    const client = new LoadClient(plane.kubeconfig);
    for (const writer of writers)
      expect({ seed, lost: await writer.verify(client) }).toEqual({ seed, lost: [] });
    expect(acknowledged()).toBeGreaterThan(kills * 10);
    client.close();

    await call('PATCH', `${deployments}/web`, change(3, 'last'));
    await settled(3);
    const kept = mains();
    await plane.kill();
    await plane.start('--stop-pods');
    await settled(3);
    expect({ seed, mains: mains() }).toEqual({ seed, mains: kept });

    await plane.stop();
    expect({ seed, left: plane.processes() }).toEqual({ seed, left: [] });
    await plane.start();
    await settled(3);
    await call('DELETE', `${deployments}/web`);
    await until(
      `no Pod and no process is left, seed ${seed}`,
      async () => !(await podList()).length && !plane.processes().length,
    );
    const folders = ['pods', 'containers'].map((name) => join(plane.dataDir, 'pods', name));
    expect(folders.flatMap((path) => (existsSync(path) ? readdirSync(path) : []))).toEqual([]);
    expect(await plane.stop()).toBe(0);
  },
  300_000 + kills * 10_000,
);

/** Starts the control plane, or kills it on the way: then the answer is true. */
async function startAndPerhapsDie(early: boolean): Promise<boolean> {
  if (!early) {
    await plane.start();
    return false;
  }
  const started = plane.start().catch(() => {});
  await sleep(random() * 500);
  await plane.kill();
  await started;
  return true;
}

/** Scales and updates the Deployment and deletes its Pods, in any order, until the control plane is gone. */
async function meddle(client: LoadClient, signal: AbortSignal): Promise<string[]> {
  const wrong: string[] = [];
  while (!signal.aborted) {
    try {
      const { status, text } = await meddleOnce(client);
      if (status >= 400 && status !== 404 && status !== 409) wrong.push(`${status} ${text}`);
    } catch {
      // The connection broke: the control plane was killed.
    }
    await sleep(random() * 150);
  }
  return wrong;
}

async function meddleOnce(client: LoadClient) {
  const choice = below(3);
  if (choice === 0)
    return client.call('PATCH', `${deployments}/web`, { spec: { replicas: 1 + below(4) } }, merge);
  if (choice === 1) return client.call('PATCH', `${deployments}/web`, change(3, `${below(1e6)}`), merge);
  const { items } = JSON.parse((await client.call('GET', pods)).text);
  const victim = items[below(items.length)]?.metadata.name ?? 'none';
  const grace = below(2) ? '?gracePeriodSeconds=0' : '';
  return client.call('DELETE', `${pods}/${victim}${grace}`);
}

const web = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...change(replicas, 'first').spec },
});

const change = (replicas: number, version: string) => ({
  spec: {
    replicas,
    template: {
      metadata: { labels: { app: 'web' }, annotations: { version } },
      spec: {
        terminationGracePeriodSeconds: 2,
        containers: [{ name: 'c', image: 'server' }],
      },
    },
  },
});

async function call(method: string, path: string, body?: unknown): Promise<Record<string, never>> {
  const client = new LoadClient(plane.kubeconfig);
  const { status, text } = await client.call(method, path, body, method === 'PATCH' ? merge : undefined);
  client.close();
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text);
}

interface Listed {
  metadata: { name: string; uid: string };
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
}
const podList = async () => (await call('GET', pods)).items as unknown as Listed[];

/** Exactly so many Pods, all Ready, and one program of each. */
async function settled(count: number): Promise<void> {
  let seen: unknown;
  const fits = async () => {
    const list = await podList();
    const { status } = (await call('GET', `${deployments}/web`)) as unknown as {
      status: { updatedReplicas: number };
    };
    const ready = list.filter((pod) =>
      pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
    );
    const uids = list.map(({ metadata }) => metadata.uid).sort();
    const running = mains().map(({ uid }) => uid);
    seen = { status, uids, running, ready: ready.length };
    return (
      list.length === count &&
      ready.length === count &&
      status.updatedReplicas === count &&
      JSON.stringify(uids) === JSON.stringify(running)
    );
  };
  await until(`${count} Pods run, each once, seed ${seed}`, fits).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(seen)}\n${plane.output.join('\n')}`);
  });
}

const mains = () =>
  plane
    .processes()
    .filter(({ main }) => main)
    .map(({ pid, uid }) => ({ uid, pid }))
    .sort((a, b) => (a.uid < b.uid ? -1 : 1));

/** Pods of which more than one program runs. */
const doubled = () => {
  const uids = mains().map(({ uid }) => uid);
  return uids.filter((uid, at) => uids.indexOf(uid) !== at);
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
