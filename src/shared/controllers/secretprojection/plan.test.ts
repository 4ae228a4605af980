import { expect, test } from '@jest/globals';
import type { Container, Pod, PodSpec, ReplicaSet } from '../../kinds/schema/types.ts';
import { secretNames, secretsInUse } from './plan.ts';

const container = (more: Partial<Container>): Container => ({ name: 'c', image: 'i', ...more }) as Container;
const env = (name: string) =>
  container({ env: [{ name: 'X', valueFrom: { secretKeyRef: { name, key: 'k' } } }] });
const spec = (more: Partial<PodSpec>): PodSpec => ({ containers: [], ...more }) as PodSpec;

test.each<[string, PodSpec | undefined, string[]]>([
  ['none', undefined, []],
  ['a key', spec({ containers: [env('a')] }), ['a']],
  ['all keys', spec({ containers: [container({ envFrom: [{ secretRef: { name: 'a' } }] })] }), ['a']],
  ['an init container', spec({ initContainers: [env('a')] }), ['a']],
  ['a registry', spec({ imagePullSecrets: [{ name: 'r' }, { name: '' }] }), ['r']],
  ['each once', spec({ containers: [env('b'), env('a'), env('b')] }), ['a', 'b']],
  ['files', spec({ volumes: [{ name: 'v', secret: { secretName: 'a' } }] }), ['a']],
  [
    'some of several files',
    spec({
      volumes: [
        { name: 'v', projected: { sources: [{ secret: { name: 'a' } }, { configMap: { name: 'b' } }] } },
      ],
    }),
    ['a'],
  ],
  [
    'a ConfigMap is none',
    spec({ containers: [container({ envFrom: [{ configMapRef: { name: 'a' } }] })] }),
    [],
  ],
])('%s', (_, podSpec, names) => expect(secretNames(podSpec)).toEqual(names));

const pod = (name: string, phase: string): Pod => ({
  metadata: {},
  spec: spec({ containers: [env(name)] }),
  status: { phase } as Pod['status'],
});
const set = (name: string, replicas: number): ReplicaSet =>
  ({ metadata: {}, spec: { replicas, template: { spec: spec({ containers: [env(name)] }) } } }) as ReplicaSet;

test('in use by Pods that have not ended and by templates that stand for some', () => {
  const pods = [pod('a', 'Pending'), pod('b', 'Running'), pod('c', 'Succeeded'), pod('d', 'Failed')];
  const replicaSets = [set('e', 1), set('f', 0)];
  expect([...secretsInUse({ pods, replicaSets })].sort()).toEqual(['a', 'b', 'e']);
});
