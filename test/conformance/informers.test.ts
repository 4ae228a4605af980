import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  CoreV1Api,
  KubeConfig,
  type KubernetesObject,
  makeInformer,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { type Answer, LoadClient } from '../../bench/load.ts';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { freePort } from '../../tools/freePort.ts';
import { until } from '../support/until.ts';

const writers = 4;
const writesEach = 2500;
const namesEach = 40;
const path = '/api/v1/namespaces/default/configmaps';

/** What the writers know: revisions acknowledged, deletions (whose answer names no revision), answers lost. */
interface Written {
  acknowledged: Set<string>;
  deletions: number;
  lost: number;
}

const total = ({ acknowledged, deletions, lost }: Written) => acknowledged.size + deletions + lost;

test('informers miss nothing and repeat nothing over 10,000 writes by 4 writers and a server restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-informers-'));
  const port = String(await freePort());
  let plane = await startControlPlane(folder, '--runtime', 'fake', '--port', port);
  const client = new LoadClient(plane.kubeconfig);
  const informers: Awaited<ReturnType<typeof watchConfigMaps>>[] = [];
  try {
    informers.push(await watchConfigMaps(plane), await watchConfigMaps(plane));
    const written: Written = { acknowledged: new Set(), deletions: 0, lost: 0 };
    const writing = Promise.all(Array.from({ length: writers }, (_, w) => write(client, w, written)));
    await until('half of the writes', () => total(written) > (writers * writesEach) / 2, 240_000);
    await plane.stop();
    plane = await startControlPlane(folder, '--runtime', 'fake', '--port', port);
    await writing;
    expect(total(written)).toBe(writers * writesEach);

    const { items } = JSON.parse((await client.call('GET', path)).text) as { items: V1ConfigMap[] };
    const stored = items.map(identity).sort();
    for (const informer of informers) {
      await until('the informer has caught up', () =>
        [...written.acknowledged].every((r) => informer.seen.has(r)),
      );
      await until('the cache equals the store', () => informer.cached().join() === stored.join());
      expect(informer.repeated).toEqual([]);
      const unexplained = informer.seen.size - written.acknowledged.size - written.deletions;
      expect(unexplained).toBeGreaterThanOrEqual(0);
      expect(unexplained).toBeLessThanOrEqual(written.lost);
    }
  } finally {
    for (const informer of informers) await informer.stop();
    client.close();
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 480_000);

const identity = ({ metadata }: KubernetesObject) => `${metadata?.name}@${metadata?.resourceVersion}`;

async function watchConfigMaps(plane: ControlPlane) {
  const config = new KubeConfig();
  config.loadFromFile(plane.kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, path, () => api.listNamespacedConfigMap({ namespace: 'default' }));
  const seen = new Set<string>();
  const repeated: string[] = [];
  let stopped = false;
  const record = (object: KubernetesObject) => {
    const revision = object.metadata!.resourceVersion!;
    if (!object.metadata!.name!.startsWith('w')) return;
    if (seen.has(revision)) repeated.push(revision);
    seen.add(revision);
  };
  informer.on('add', record);
  informer.on('update', record);
  informer.on('delete', record);
  // The library asks its user to start it again after an error; it goes on from the last revision it saw.
  informer.on('error', () => {
    if (!stopped) setTimeout(() => informer.start(), 50);
  });
  await informer.start();
  return {
    seen,
    repeated,
    cached: () => informer.list().map(identity).sort(),
    stop: async () => {
      stopped = true;
      await informer.stop();
    },
  };
}

/** Creates, replaces and deletes its own objects in turn; a write whose answer was lost is counted and passed over. */
async function write(client: LoadClient, writer: number, written: Written): Promise<void> {
  const exists = new Map<string, boolean>();
  for (let i = 0; i < writesEach; i++) {
    const name = `w${writer}-${i % namesEach}`;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { i: String(i) } };
    const there = exists.get(name) ?? false;
    try {
      if (!there) acknowledge(written, await client.call('POST', path, body));
      else if (i % 3) acknowledge(written, await client.call('PUT', `${path}/${name}`, body));
      else await remove(client, `${path}/${name}`, written);
      exists.set(name, !there || i % 3 !== 0);
    } catch {
      written.lost++;
      exists.set(name, await isThere(client, `${path}/${name}`));
    }
  }
}

function acknowledge(written: Written, { status, text }: Answer): void {
  if (status >= 300) throw new Error(`HTTP ${status}: ${text}`);
  written.acknowledged.add(JSON.parse(text).metadata.resourceVersion);
}

async function remove(client: LoadClient, target: string, written: Written): Promise<void> {
  const { status, text } = await client.call('DELETE', target);
  if (status >= 300) throw new Error(`HTTP ${status}: ${text}`);
  written.deletions++;
}

/** Waits for a server that is restarting. */
async function isThere(client: LoadClient, target: string): Promise<boolean> {
  let there = false;
  await until('the server answers again', async () => {
    const answer = await client.call('GET', target).catch(() => undefined);
    there = answer?.status === 200;
    return answer && (answer.status === 200 || answer.status === 404);
  });
  return there;
}
