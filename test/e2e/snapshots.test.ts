import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { runCli } from '../support/cli.ts';

interface Found {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown> & { name: string; namespace?: string; uid: string };
  [field: string]: unknown;
}

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Thing', plural: 'things', singular: 'thing' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
};

/** What a history of a cluster left behind: objects, some of which belong to earlier ones. */
const anObject = fc.record({
  kind: fc.constantFrom('ConfigMap', 'Secret', 'Thing', 'ServiceAccount'),
  namespace: fc.constantFrom('default', 'team'),
  labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')),
  value: fc.string(),
  /** Of the earlier ones of its namespace. */
  owner: fc.option(fc.nat()),
});

describe('snapshots of clusters', () => {
  let folder: string;
  let plane: ControlPlane;
  const shallop = (...words: string[]) =>
    runCli(words, { env: { KUBECONFIG: plane.kubeconfig, SHALLOP_DATA_DIR: dataDir() }, cwd: folder });
  const dataDir = () => join(folder, 'data');
  const done = async (...words: string[]) => {
    const said = await shallop(...words);
    if (said.code) throw new Error(`${words.join(' ')}: ${said.stderr}`);
    return said.stdout;
  };
  let made = 0;
  const create = async (cluster: string, object: object): Promise<Found> => {
    const file = `made-${made++}.json`;
    writeFileSync(join(folder, file), JSON.stringify(object));
    return JSON.parse(await done('create', '-f', file, '--cluster', cluster, '-o', 'json'));
  };
  const objects = async (cluster: string, types: string): Promise<Found[]> =>
    JSON.parse(await done('get', types, '-A', '--cluster', cluster, '-o', 'json')).items;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-snapshots-'));
    plane = await startControlPlane(folder, '--runtime', 'fake');
  });
  afterAll(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What counts of a cluster: content, labels, and who belongs to whom, by names instead of uids. */
  async function counted(cluster: string): Promise<unknown[]> {
    const found = await objects(cluster, 'cm,secret,things,sa');
    const names = new Map(found.map(({ kind, metadata }) => [metadata.uid, `${kind} ${metadata.name}`]));
    return found
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ metadata, ...rest }) => {
        const { uid, resourceVersion, creationTimestamp, generation, ...kept } = metadata;
        const owners = (metadata.ownerReferences ?? []) as { uid: string }[];
        return {
          ...rest,
          metadata: { ...kept, ownerReferences: owners.map((owner) => names.get(owner.uid)) },
        };
      });
  }

  test('a cluster that is saved and restored is the same in what counts', async () => {
    let clusters = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anObject, { maxLength: 12 }), async (history) => {
        const [from, to] = [`from-${clusters}`, `to-${clusters++}`];
        await done('cluster', 'create', from, '--kubeconfig', plane.kubeconfig);
        await create(from, definition);
        await done('wait', '--for=condition=Established', 'crd/things.example.com', '--cluster', from);
        await done('create', 'namespace', 'team', '--cluster', from);
        const before: Found[] = [];
        for (const [at, { kind, namespace, labels, value, owner }] of history.entries()) {
          const own = before.filter(({ metadata }) => metadata.namespace === namespace);
          const its = owner === null ? undefined : own[owner % own.length];
          const reference = its && {
            ...{ apiVersion: its.apiVersion, kind: its.kind },
            ...{ name: its.metadata.name, uid: its.metadata.uid },
          };
          const object = {
            apiVersion: kind === 'Thing' ? 'example.com/v1' : 'v1',
            kind,
            metadata: {
              name: `o${at}`,
              namespace,
              labels,
              ...(reference && { ownerReferences: [reference] }),
            },
            ...(kind === 'ConfigMap' && { data: { value } }),
            ...(kind === 'Secret' && { stringData: { value } }),
            ...(kind === 'Thing' && { spec: { value } }),
          };
          const found = await create(from, object);
          if (kind === 'Thing')
            await done(
              'patch',
              'thing',
              `o${at}`,
              '-n',
              namespace,
              '--cluster',
              from,
              '--subresource',
              'status',
              '--type',
              'merge',
              '-p',
              JSON.stringify({ status: { seen: value } }),
            );
          before.push(found);
        }
        await done('cluster', 'snapshot', from, `${from}.gz`);
        await done('cluster', 'restore', `${from}.gz`, to);
        expect(await counted(to)).toEqual(await counted(from));
      }),
      { numRuns: 4 },
    );
  }, 300_000);

  test('objects of a definition whose group ends as those of Kubernetes do are restored too', async () => {
    await done('cluster', 'create', 'gated', '--kubeconfig', plane.kubeconfig);
    const group = 'gates.networking.k8s.io';
    await create('gated', {
      ...definition,
      metadata: {
        name: `things.${group}`,
        annotations: {
          'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/1',
        },
      },
      spec: { ...definition.spec, group },
    });
    await done('wait', '--for=condition=Established', `crd/things.${group}`, '--cluster', 'gated');
    const gate = {
      apiVersion: `${group}/v1`,
      kind: 'Thing',
      metadata: { name: 'gate' },
      spec: { value: 'x' },
    };
    await create('gated', gate);
    await done('cluster', 'snapshot', 'gated', 'gated.gz');
    await done('cluster', 'restore', 'gated.gz', 'gated-again');
    expect(await objects('gated-again', `things.${group}`)).toMatchObject([gate]);
  }, 120_000);

  test('workloads go on: revisions stay, a Job that has run does not run again, Pods of nobody are made anew', async () => {
    await done('cluster', 'create', 'apps', '--kubeconfig', plane.kubeconfig);
    const here = ['--cluster', 'apps'];
    await done('create', 'deployment', 'web', '--image=web:v1', '--replicas=2', ...here);
    await done('set', 'image', 'deployment/web', 'web=web:v2', ...here);
    await done('rollout', 'status', 'deployment/web', ...here);
    await done('create', 'job', 'once', '--image=x', ...here);
    await done('wait', '--for=condition=Complete', 'job/once', ...here);
    await done('run', 'bare', '--image=x', ...here);
    const [job] = await objects('apps', 'jobs');
    expect(await done('cluster', 'snapshot', 'apps', 'apps.gz')).toContain(
      'objects of cluster apps are in apps.gz',
    );
    expect(await done('cluster', 'restore', 'apps.gz', 'again')).toContain('are in cluster again');
    const there = ['--cluster', 'again'];
    await done('rollout', 'status', 'deployment/web', '--timeout=30s', ...there);
    expect(await done('rollout', 'history', 'deployment/web', ...there)).toBe(
      await done('rollout', 'history', 'deployment/web', ...here),
    );
    expect((await objects('again', 'jobs'))[0]!.status).toEqual(job!.status);
    const pods = (await objects('again', 'pods')).map(({ metadata }) =>
      metadata.name.replace(/web-.*/, 'web'),
    );
    expect(pods.sort()).toEqual(['bare', 'web', 'web']);
  }, 120_000);

  test('what cannot be restored is refused by name, and changes nothing', async () => {
    await done('cluster', 'create', 'small', '--kubeconfig', plane.kubeconfig);
    await done('create', 'cm', 'mine', '--from-literal=a=1', '--cluster', 'small');
    await done('cluster', 'snapshot', 'small', 'small.gz');
    expect(await shallop('cluster', 'snapshot', 'small', 'small.gz')).toMatchObject({
      code: 1,
      stderr: 'error: small.gz already exists; choose another file\n',
    });
    writeFileSync(join(folder, 'cut.gz'), readFileSync(join(folder, 'small.gz')).subarray(0, 300));
    const refused = await shallop('cluster', 'restore', 'cut.gz', 'new');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cut\.gz is not a complete snapshot.*it was cut/),
    });
    expect(await shallop('cluster', 'restore', 'none.gz', 'new')).toMatchObject({
      stderr: 'error: there is no file none.gz\n',
    });
    expect(await done('cluster', 'list')).not.toMatch(/^new /m);
    expect(await shallop('cluster', 'restore', 'small.gz', 'small')).toMatchObject({
      code: 1,
      stderr: 'error: cluster small already exists; if it is empty, use --into-empty\n',
    });
    expect(await shallop('cluster', 'restore', 'small.gz', 'small', '--into-empty')).toMatchObject({
      code: 1,
      stderr: 'error: cluster small is not empty: there is configmaps/mine; nothing was restored\n',
    });
    await done('cluster', 'create', 'empty', '--kubeconfig', plane.kubeconfig);
    await done('cluster', 'restore', 'small.gz', 'empty', '--into-empty', '--context', 'shallop');
    expect(await done('get', 'cm', 'mine', '--cluster', 'empty', '-o', 'jsonpath={.data}')).toBe('{"a":"1"}');
  }, 120_000);
});
