import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, type Shallop, startShallop } from '../../src/library/index.ts';
import { openLmdbStorage } from '../../src/local/drivers/lmdb/index.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { writeOlderFolder } from '../support/olderData.ts';

const commit = 'c39016c2';
let folder: string;
let shallop: Shallop;
let cluster: Cluster;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-older-'));
  writeOlderFolder(commit, folder);
  shallop = await startShallop({ dataFolder: folder });
  cluster = await shallop.cluster('default');
});
afterAll(async () => {
  await shallop?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const namespace = 'shop';
interface Deployment {
  metadata: { generation?: number; annotations?: Record<string, string> };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
  };
}
interface Pod {
  metadata: { deletionTimestamp?: string };
  spec?: { containers?: { image?: string }[] };
}
/** As `kubectl rollout status` judges: counts of an earlier generation say nothing. */
const isWhole = ({ metadata, status }: Deployment) =>
  status?.observedGeneration === metadata.generation &&
  status?.replicas === 2 &&
  status.updatedReplicas === 2 &&
  status.readyReplicas === 2;

test('every object of a folder of an earlier commit is there', async () => {
  const get = (reference: string) => cluster.get(reference, { namespace });
  expect(await get('configmap/settings')).toMatchObject({ data: { colour: 'green' } });
  expect(await get('configmap/gone')).toBeUndefined();
  const password = Buffer.from('of-before').toString('base64');
  expect(await get('secret/key')).toMatchObject({ data: { password } });
  expect(await get('service/web')).toMatchObject({ spec: { ports: [{ port: 80, targetPort: 8080 }] } });
  expect(await get('namespace/shop')).toMatchObject({ status: { phase: 'Active' } });
  expect(await cluster.list('replicasets', { namespace })).toHaveLength(2);
});

test("today's controllers go on with it, and double nothing", async () => {
  const web = await cluster.waitFor<Deployment>('deployment/web', isWhole, { namespace, timeoutMs: 60_000 });
  expect(web.metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '2' });
  const pods = await cluster.list<Pod>('pods', { namespace });
  expect(pods.map(({ spec }) => spec?.containers?.[0]?.image)).toEqual(['nginx:2', 'nginx:2']);
});

test('what is changed is rolled out, and lasts', async () => {
  const manifest = (await cluster.get<object>('deployment/web', { namespace })) as {
    metadata: object;
    spec: { template: { spec: { containers: { image: string }[] } } };
  };
  const [container] = manifest.spec.template.spec.containers;
  const containers = [{ ...container, image: 'nginx:3' }];
  await cluster.apply(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
      },
    },
    { force: true },
  );
  const isRolledOut = (web: Deployment) =>
    web.metadata.annotations?.['deployment.kubernetes.io/revision'] === '3' && isWhole(web);
  await cluster.waitFor<Deployment>('deployment/web', isRolledOut, { namespace, timeoutMs: 60_000 });
  // One that ends is no longer counted, and may be there for a moment.
  const pods = await cluster.list<Pod>('pods', { namespace });
  expect(pods.filter(({ metadata }) => !metadata.deletionTimestamp)).toHaveLength(2);
});

test('its log is watched from its beginning, whatever the format was', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'shallop-older-'));
  writeOlderFolder(commit, copy);
  const storage = await openLmdbStorage({ dir: join(copy, 'storage'), clock: new ManualClock() });
  const seen: string[] = [];
  const scope = { cluster: 'default', resource: 'configmaps', namespace };
  for await (const each of storage.watch(scope, '1', new AbortController().signal)) {
    if (!('object' in each)) break;
    seen.push(`${each.type} ${each.object.key.name}`);
  }
  await storage.close();
  rmSync(copy, { recursive: true, force: true });
  expect(seen.slice(-3)).toEqual(['put settings', 'put gone', 'delete gone']);
});
