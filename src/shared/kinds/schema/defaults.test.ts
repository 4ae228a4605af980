import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { applyDefaults } from './defaults.ts';
import { typeNameOf } from './facts.ts';
import { decodeObject } from './structural.ts';
import type { Namespace, Node, Pod, Service } from './types.ts';

const folder = join(import.meta.dirname, 'testdata/defaults');
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

interface Typed {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown>;
}

function defaulted(object: Typed): Typed {
  const [version, group = ''] = object.apiVersion.split('/').reverse();
  const typeName = typeNameOf(group, version!, object.kind)!;
  return applyDefaults(decodeObject<Typed>(object, typeName), typeName);
}

describe('recorded answers to a POST', () => {
  const cases = readdirSync(folder).filter((f) => f.endsWith('.in.json'));
  test.each(cases)('%s', (file) => {
    const answer = read(file.replace('.in.', '.out.')) as Typed;
    expect(JSON.stringify(defaulted(read(file)))).toBe(JSON.stringify(withoutAssignments(answer)));
    expect(JSON.stringify(defaulted(answer))).toBe(JSON.stringify(answer));
  });
});

/** Takes away what is not defaulting but assigned, allocated or admitted. */
function withoutAssignments(object: Typed): Typed {
  for (const field of [
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'managedFields',
  ]) {
    delete object.metadata[field];
  }
  if (object.kind === 'Pod') withoutAdmission(object as unknown as Pod);
  if (object.kind === 'Service') withoutAllocation(object as unknown as Service);
  if (object.kind === 'Namespace') (object as unknown as Namespace).spec = {};
  if (object.kind === 'Node') (object as unknown as Node).spec = {};
  return object;
}

function withoutAdmission(pod: Pod): void {
  const spec = pod.spec!;
  const token = spec.volumes!.find((v) => v.name.startsWith('kube-api-access-'))!;
  spec.volumes = without(spec.volumes, (v) => v === token);
  spec.tolerations = without(spec.tolerations, (t) => t.tolerationSeconds === 300);
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    container.volumeMounts = without(container.volumeMounts, (m) => m.name === token.name);
  }
  delete spec.priority;
  delete spec.preemptionPolicy;
  delete spec.serviceAccountName;
  delete spec.serviceAccount;
  pod.status = {};
}

/** Undefined when nothing is left: JSON leaves it out. */
function without<E>(list: E[] | undefined, unwanted: (element: E) => boolean): E[] | undefined {
  const rest = list?.filter((element) => !unwanted(element));
  return rest?.length ? rest : undefined;
}

function withoutAllocation({ spec }: Service): void {
  if (spec!.clusterIP !== 'None') delete spec!.clusterIP;
  delete spec!.clusterIPs;
  delete spec!.ipFamilies;
  delete spec!.ipFamilyPolicy;
  for (const port of spec!.ports ?? []) delete port.nodePort;
}

test.each([
  ['nginx', 'Always'],
  ['nginx:latest', 'Always'],
  ['localhost:5000/nginx', 'Always'],
  ['nginx:1.27', 'IfNotPresent'],
  ['localhost:5000/a/nginx:v2', 'IfNotPresent'],
  [`nginx@sha256:${'a'.repeat(64)}`, 'IfNotPresent'],
])('image %s is pulled %s', (image, imagePullPolicy) => {
  expect(applyDefaults({ name: 'c', image }, 'Container')).toMatchObject({ imagePullPolicy });
});

test('a volume without a source is an emptyDir', () => {
  expect(applyDefaults({ name: 'v' }, 'Volume')).toEqual({ name: 'v', emptyDir: {} });
});

test('the two names of the service account agree', () => {
  const { serviceAccountName } = applyDefaults({ containers: [], serviceAccount: 'x' }, 'PodSpec') as {
    serviceAccountName?: string;
  };
  expect(serviceAccountName).toBe('x');
});

test('two objects do not share their defaults', () => {
  const [a, b] = [1, 2].map(
    () => applyDefaults({ containers: [] }, 'PodSpec') as { securityContext?: object },
  );
  expect(a!.securityContext).not.toBe(b!.securityContext);
});

test('a field that is null where nobody set it gets the default of its kind', () => {
  const parameters = { apiGroup: 'k8s.example.com', kind: 'IngressParameters', name: 'lb' };
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'a' },
    spec: { controller: 'example.com/c', parameters },
  };
  expect(defaulted(object)).toMatchObject({ spec: { parameters: { ...parameters, scope: 'Cluster' } } });
});
