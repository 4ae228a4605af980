import { describe, expect, test } from '@jest/globals';
import type { Admission, AdmissionPlugin } from '../../admission/plugin.ts';
import { admissionPlugins } from '../../admission/registry.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import type { AuditEntry } from '../deps.ts';
import { testServer } from '../testing/testingServer.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'a:1' }] } };
const template = { metadata: { labels: { a: 'b' } }, spec: pod.spec };
const deployment = {
  metadata: { name: 'd' },
  spec: { selector: { matchLabels: { a: 'b' } }, template },
};

/** A server whose admission ends with these plugins. */
async function serverWith(...plugins: AdmissionPlugin[]) {
  const storage = openMemoryStorage({ clock: new ManualClock() });
  const builtIn = admissionPlugins({ storage, clock: new ManualClock(), ids: seededIds(1) });
  const audited: AuditEntry[] = [];
  const audit = (entry: AuditEntry) => void audited.push(entry);
  return {
    ...(await testServer({ storage, admission: [...builtIn, ...plugins], audit })),
    audited,
  };
}

const merge = { 'content-type': 'application/merge-patch+json' };

describe('what a plugin changes', () => {
  const untidy: AdmissionPlugin = {
    name: 'Untidy',
    admit: (admission) => {
      if (!admission.object || admission.kind.kind !== 'Pod' || admission.subresource) return false;
      const { kind, apiVersion, metadata, spec, ...rest } = admission.object as Record<string, unknown>;
      const container = { image: 'side:1', name: 'side', ports: [{ containerPort: 80 }], nonsense: true };
      const { containers, ...others } = spec as { containers: { name: string }[] };
      const all = containers.some(({ name }) => name === 'side') ? containers : [...containers, container];
      admission.object = {
        ...rest,
        spec: { ...others, containers: all },
        metadata,
        apiVersion,
        kind,
      } as Admission['object'] & object;
      return true;
    },
  };

  test('B20: is defaulted, pruned and put in order before it is stored, whatever the plugin names', async () => {
    const { send, storage } = await serverWith(untidy);
    const { status, text, json } = await send(`POST ${pods}`, { body: pod });
    expect(status).toBe(201);
    expect(json.spec.containers[1]).toEqual({
      name: 'side',
      image: 'side:1',
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'IfNotPresent',
    });
    expect(text).toMatch(/^\{"kind":"Pod","apiVersion":"v1","metadata":/);
    const key = { cluster: 'default', resource: 'pods', namespace: 'default', name: 'p' };
    expect(Buffer.from((await storage.get(key))!.value).toString()).toBe(text.trim());
  });

  test('B20: leaves an unchanged object unchanged', async () => {
    const { send } = await serverWith(untidy);
    const { json } = await send(`POST ${pods}`, { body: pod });
    const again = await send(`PUT ${pods}/p`, { body: json });
    expect(again.json.metadata.resourceVersion).toBe(json.metadata.resourceVersion);
  });

  test('cannot be the status through the object itself, nor the object through its status', async () => {
    const meddling: AdmissionPlugin = {
      name: 'Meddling',
      resources: ['deployments.apps', 'deployments.apps/status'],
      admit: ({ object }) => {
        Object.assign(object!, { status: { replicas: 7 } });
        Object.assign((object as unknown as { spec: object }).spec, { replicas: 9 });
        object!.metadata.uid = 'mine';
        return true;
      },
    };
    const { send } = await serverWith(meddling);
    const { json } = await send(`POST ${deployments}`, { body: deployment });
    expect([json.status, json.spec.replicas]).toEqual([{}, 9]);
    expect(json.metadata.uid).not.toBe('mine');
    const scaled = { spec: { replicas: 3 }, status: { replicas: 2 } };
    const patched = await send(`PATCH ${deployments}/d/status`, { headers: merge, body: scaled });
    expect([patched.json.status.replicas, patched.json.spec.replicas]).toEqual([7, 9]);
    expect(patched.json.metadata.uid).toBe(json.metadata.uid);
  });

  test('passes all plugins once more when one asks for a second round', async () => {
    const seen: string[] = [];
    const showing: AdmissionPlugin = {
      name: 'Showing',
      resources: ['pods'],
      operations: ['CREATE'],
      admit: (admission) => {
        seen.push(`${admission.isReinvocation}`);
        admission.reinvoke();
        return false;
      },
    };
    const { send } = await serverWith(untidy, showing);
    expect((await send(`POST ${pods}`, { body: pod })).status).toBe(201);
    expect(seen).toEqual(['false', 'true']);
  });
});

describe('what a plugin is told', () => {
  const recorder = () => {
    const seen: string[] = [];
    const note =
      (step: string) =>
      ({ operation, kind, subresource, objectKind, name, object, old, options }: Admission) => {
        const what = `${kind.plural}${subresource ? `/${subresource}` : ''}`;
        const objects = `${object ? 'object' : ''}${old ? '+old' : ''}`;
        seen.push(
          `${step} ${operation} ${what} ${name} ${objectKind.kind} ${objects} ${options?.kind ?? '-'}`,
        );
        return false;
      };
    const plugin: AdmissionPlugin = {
      name: 'Recorder',
      admit: note('admit'),
      validate: (admission) => void note('validate')(admission),
    };
    return { seen, plugin };
  };

  const steps = async (line: string, options: object) => {
    const { seen, plugin } = recorder();
    const { send } = await serverWith(plugin);
    await send(`POST ${pods}`, { body: pod });
    await send(`POST ${deployments}`, { body: deployment });
    seen.length = 0;
    const { status } = await send(line, options);
    return { status, seen };
  };

  const binding = { metadata: { name: 'p' }, target: { name: 'n' } };
  const eviction = { metadata: { name: 'p' } };
  const generated = { ...pod, metadata: { generateName: 'g-' } };
  const apply = { 'content-type': 'application/apply-patch+yaml' };
  const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 'b' } };
  test.each([
    {
      line: `POST ${maps}`,
      body: { metadata: { name: 'm' } },
      told: 'CREATE configmaps m ConfigMap object CreateOptions',
    },
    {
      line: `PATCH ${maps}/m?fieldManager=x`,
      body: applied,
      headers: apply,
      told: 'CREATE configmaps m ConfigMap object CreateOptions',
    },
    {
      line: `PATCH ${pods}/p`,
      body: { metadata: { labels: { a: 'b' } } },
      headers: merge,
      told: 'UPDATE pods p Pod object+old UpdateOptions',
    },
    {
      line: `PATCH ${pods}/p/status`,
      body: { status: { message: 'm' } },
      headers: merge,
      told: 'UPDATE pods/status p Pod object+old UpdateOptions',
    },
    {
      line: `PATCH ${deployments}/d/scale`,
      body: { spec: { replicas: 2 } },
      headers: merge,
      told: 'UPDATE deployments/scale d Scale object+old UpdateOptions',
    },
    {
      line: `POST ${pods}/p/binding`,
      body: binding,
      told: 'CREATE pods/binding p Binding object CreateOptions',
    },
    {
      line: `POST ${pods}/p/eviction`,
      body: eviction,
      told: 'CREATE pods/eviction p Eviction object CreateOptions',
    },
    { line: `DELETE ${pods}/p`, told: 'DELETE pods p Pod +old DeleteOptions' },
    { line: `DELETE ${pods}`, told: 'DELETE pods p Pod +old DeleteOptions' },
    {
      line: 'PUT /api/v1/namespaces/default/finalize',
      body: { metadata: { name: 'default' } },
      told: 'UPDATE namespaces/finalize default Namespace object+old UpdateOptions',
    },
  ])('$line', async ({ line, told, ...options }) => {
    const { status, seen } = await steps(line, options);
    expect(status).toBeLessThan(300);
    expect(seen).toEqual([`admit ${told}`, `validate ${told}`]);
  });

  test('a generated name, once there is one', async () => {
    const { seen } = await steps(`POST ${pods}`, { body: generated });
    expect(seen).toEqual([
      'admit CREATE pods  Pod object CreateOptions',
      expect.stringMatching(/^validate CREATE pods g-[a-z0-9]{5} Pod object CreateOptions$/),
    ]);
  });

  test('a connection to a running container, with what is asked of it', async () => {
    const told: Admission[] = [];
    const guard: AdmissionPlugin = {
      name: 'Guard',
      resources: ['pods/exec'],
      operations: ['CONNECT'],
      validate: (admission) => void told.push(admission),
    };
    const storage = openMemoryStorage({ clock: new ManualClock() });
    const podSession = async () => ({ streamUrl: 'wss://here', tokenValue: 't' });
    const { send } = await testServer({ storage, admission: [guard], podSession });
    await send(`POST ${pods}`, { body: pod });
    const headers = { 'x-shallop-session': 'exec' };
    const { status } = await send(`POST ${pods}/p/exec?command=ls&container=c`, { headers });
    expect(status).toBe(201);
    expect(told.map(({ operation, objectKind, object }) => ({ operation, objectKind, object }))).toEqual([
      {
        operation: 'CONNECT',
        objectKind: { group: '', version: 'v1', kind: 'PodExecOptions' },
        object: expect.objectContaining({ kind: 'PodExecOptions', container: 'c', command: ['ls'] }),
      },
    ]);
  });

  test('who asks and with which options; what it says reaches client and audit line', async () => {
    let told: Admission | undefined;
    const talkative: AdmissionPlugin = {
      name: 'Talkative',
      resources: ['configmaps'],
      validate: (admission) => {
        told = admission;
        admission.warn('mind the gap');
        admission.annotate('gap.example.com/minded', 'yes');
        admission.annotate('gap.example.com/minded', 'no');
      },
    };
    const { send, audited } = await serverWith(talkative);
    const peer = { certificate: { commonName: 'ada', organizations: ['dev', 'system:masters'] } };
    const line = `POST ${maps}?dryRun=All&fieldManager=me&fieldValidation=Strict`;
    const { headers } = await send(line, { body: { metadata: { name: 'm' } }, peer });
    expect(told?.user).toMatchObject({ name: 'ada', groups: expect.arrayContaining(['dev']) });
    expect([told?.dryRun, told?.cluster, told?.namespace]).toEqual([true, 'default', 'default']);
    expect(told?.options).toEqual({
      kind: 'CreateOptions',
      apiVersion: 'meta.k8s.io/v1',
      dryRun: ['All'],
      fieldManager: 'me',
      fieldValidation: 'Strict',
    });
    expect([headers.warning].flat().join()).toContain('mind the gap');
    expect(audited.at(-1)?.annotations).toEqual({ 'gap.example.com/minded': 'yes' });
  });
});
