import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { type Cluster, type KubeObject, type Shallop, startShallop } from '../../src/library/index.ts';
import { execute } from '../support/plane.ts';
import { until } from '../support/until.ts';

const library = join(import.meta.dirname, '../../src/library/index.ts');
const deployment = (name: string, namespace?: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, ...(namespace && { namespace }) },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'web:1' }] } },
  },
});
const configMap = (name: string, value: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-library-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['same', 'beside'] as const)('a control plane in the process: %s', (where) => {
  let shallop: Shallop;
  let cluster: Cluster;
  beforeAll(async () => {
    shallop = await startShallop({ process: where });
    cluster = await shallop.cluster();
  });
  afterAll(() => shallop?.stop());

  test('applies, waits, reads, lists and deletes', async () => {
    const [made] = await cluster.apply(deployment('web'));
    expect(made).toMatchObject({ kind: 'Deployment', metadata: { namespace: 'default' } });
    const ready = await cluster.waitFor('deployment/web', 'Available');
    expect(ready.status).toMatchObject({ availableReplicas: 2 });
    expect(await cluster.list('pods', { labelSelector: 'app=web' })).toHaveLength(2);
    expect(await cluster.get('deploy/web')).toMatchObject({ kind: 'Deployment' });
    expect(await cluster.get('cm/missing')).toBeUndefined();
    await cluster.delete('deployment/web');
    expect(await cluster.get(deployment('web'))).toBeUndefined();
    await cluster.waitFor('deployment/web', 'deleted');
  });

  test('applies namespaces and definitions before what needs them, wherever they stand', async () => {
    const version = {
      name: 'v1',
      served: true,
      storage: true,
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
    };
    const manifests: KubeObject[] = [
      { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w', namespace: 'shop' }, spec: {} },
      deployment('web', 'shop'),
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          names: { kind: 'Widget', plural: 'widgets' },
          scope: 'Namespaced',
          versions: [version],
        },
      },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    ];
    const applied = await cluster.apply(manifests.map((each) => JSON.stringify(each)).join('\n---\n'));
    expect(applied.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'CustomResourceDefinition',
      'Widget',
      'Deployment',
    ]);
    expect(await cluster.get('widget/w', { namespace: 'shop' })).toMatchObject({ kind: 'Widget' });
    await cluster.delete(manifests);
    expect(await cluster.get('namespace/shop')).toBeUndefined();
  });

  test('waits for what is not there yet, by a function too', async () => {
    const waiting = cluster.waitFor<{ data?: { value: string } }>(
      'configmap/later',
      ({ data }) => data?.value === '2',
    );
    await cluster.apply(configMap('later', '1'));
    await cluster.apply(configMap('later', '2'));
    expect(await waiting).toMatchObject({ data: { value: '2' } });
  });

  test('says what it waited for in vain, and what there was', async () => {
    await cluster.apply(deployment('slow'));
    await cluster.waitFor('deployment/slow', 'Available');
    await expect(cluster.waitFor('deployment/slow', 'Sleepy', { timeoutMs: 2000 })).rejects.toThrow(
      /^waited 2 s in vain for deployment\/slow to be Sleepy; it has Available=True/,
    );
    await expect(cluster.waitFor('deployment/none', 'exists', { timeoutMs: 50 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const giveUp = AbortSignal.abort(new Error('no more patience'));
    await expect(cluster.waitFor('deployment/none', 'exists', { signal: giveUp })).rejects.toThrow(
      'no more patience',
    );
  });

  test('throws what the server refuses with its Status', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: {} };
    await expect(cluster.apply(pod)).rejects.toMatchObject({
      name: 'ApiError',
      code: 422,
      reason: 'Invalid',
      message: 'Pod "x" is invalid: spec.containers: Required value',
      status: { details: { causes: [{ field: 'spec.containers' }] } },
    });
    await expect(cluster.delete('pod/x')).rejects.toMatchObject({ code: 404, message: 'pods "x" not found' });
    await cluster.delete('pod/x', { ignoreNotFound: true });
    await expect(cluster.get('wigdet/x')).rejects.toThrow(
      'the server doesn\'t have a resource type "wigdet"',
    );
    await expect(cluster.get('web')).rejects.toThrow('"web" names no object; say TYPE/NAME');
    const note = { apiVersion: 'example.org/v1', kind: 'Note', metadata: { name: 'n' } };
    await expect(cluster.apply(note)).rejects.toThrow(
      'no matches for kind "Note" in version "example.org/v1"',
    );
    await cluster.apply(configMap('owned', '1'), { fieldManager: 'other' });
    await expect(cluster.apply(configMap('owned', '2'))).rejects.toMatchObject({ reason: 'Conflict' });
    await cluster.apply(configMap('owned', '2'), { force: true });
  });

  test('clusters see nothing of one another, and go with all that is in them', async () => {
    const other = await shallop.cluster('other');
    await other.apply(configMap('mine', '1'));
    expect(await cluster.get('cm/mine')).toBeUndefined();
    const again = await shallop.cluster('other');
    expect(await again.get('cm/mine')).toBeDefined();
    // It was there before: only who has made it deletes it.
    await again.stop();
    expect(await other.get('cm/mine')).toBeDefined();
    await other.stop();
    await other.stop();
    const root = await shallop.cluster('default');
    expect(await root.get('logicalcluster/other')).toBeUndefined();
    await root.stop();
    expect(await root.get('namespace/default')).toBeDefined();
  });

  test('@kubernetes/client-node uses it', async () => {
    const api = cluster.kubeConfig(new KubeConfig()).makeApiClient(CoreV1Api);
    await api.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'by-client' } } });
    expect(await cluster.get('cm/by-client')).toBeDefined();
    expect(cluster.kubeconfig).toMatchObject({ clusters: [{ cluster: { server: cluster.url } }] });
  });
});

test('Pods run programs of this machine, and their logs are read and followed', async () => {
  const script = 'echo one; echo two; while [ ! -e go ]; do sleep 0.01; done; echo three';
  const home = mkdtempSync(join(folder, 'program-'));
  const shallop = await startShallop({
    runtime: 'process',
    podNetwork: 'loopback',
    images: { 'talker:1': { command: ['sh', '-c', script], workingDir: home } },
  });
  try {
    const cluster = await shallop.cluster();
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'talker' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'talker:1' }] },
    };
    await cluster.apply(pod);
    await cluster.waitFor('pod/talker', 'Ready');
    const lines: string[] = [];
    for await (const line of cluster.followLogs('talker')) {
      lines.push(line);
      if (line === 'two') await execute('touch', [join(home, 'go')]);
    }
    expect(lines).toEqual(['one', 'two', 'three']);
    expect(await cluster.logs('pod/talker', { tailLines: 1 })).toBe('three\n');
    await expect(cluster.logs('missing')).rejects.toMatchObject({ reason: 'NotFound' });
  } finally {
    await shallop.stop();
  }
});

test("a data folder of its own keeps objects, and is nobody else's meanwhile", async () => {
  const dataFolder = join(folder, 'kept');
  const first = await startShallop({ dataFolder });
  await expect(startShallop({ dataFolder })).rejects.toThrow(
    `${dataFolder} is in use by another control plane`,
  );
  await (await first.cluster('kept')).apply(configMap('c', '1'));
  await first.stop();
  await expect(first.cluster()).rejects.toThrow('this control plane has been stopped');
  const second = await startShallop({ dataFolder, process: 'beside' });
  try {
    expect(await (await second.cluster('kept')).get('cm/c')).toBeDefined();
  } finally {
    await second.stop();
  }
});

describe('nothing is left', () => {
  const temporary = () => mkdtempSync(join(folder, 'tmp-'));
  const program = (text: string) => [
    '--input-type=module',
    '-e',
    `import { startShallop } from ${JSON.stringify(library)};\n${text}`,
  ];
  const run = (text: string, TMPDIR: string) =>
    execute(process.execPath, program(text), { ...process.env, TMPDIR });

  test.each(['same', 'beside'])(
    'of a program that stops it (process: %s): it ends by itself',
    async (where) => {
      const tmp = temporary();
      const said = await run(
        `const shallop = await startShallop({ process: '${where}' });
       const cluster = await shallop.cluster();
       await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
       await shallop.stop();
       await shallop.stop();`,
        tmp,
      );
      expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(readdirSync(tmp)).toEqual([]);
    },
  );

  test('of a program that ends without stopping it', async () => {
    const tmp = temporary();
    expect(await run(`await startShallop({ process: 'beside' });`, tmp)).toMatchObject({ code: 0 });
    await until('the process beside it has cleaned up', () => readdirSync(tmp).length === 0);
    expect(await run('await startShallop(); process.exit(3);', tmp)).toMatchObject({ code: 3 });
    expect(readdirSync(tmp)).toEqual([]);
  });

  test('of a program that is killed', async () => {
    const tmp = temporary();
    const text = `const { url } = await startShallop({ process: 'beside' }); console.log(url); setInterval(() => {}, 1000);`;
    const child = execFile(process.execPath, program(text), { env: { ...process.env, TMPDIR: tmp } });
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    expect(readdirSync(tmp)).not.toEqual([]);
    child.kill('SIGKILL');
    await until('the process beside it has cleaned up', () => readdirSync(tmp).length === 0);
  });

  test('of a start that fails', async () => {
    const tmp = temporary();
    const said = await run(`await startShallop({ runtime: 'process', images: { a: '/nowhere' } });`, tmp);
    expect(said.stderr).toContain('/nowhere/shallop.json: not found');
    expect(readdirSync(tmp)).toEqual([]);
  });
});
