/** What the grammar draws from. */
export interface FuzzResource {
  collection: string;
  apiVersion: string;
  kind: string;
  /** A valid object without metadata. */
  rest: Record<string, unknown>;
}

const container = { name: 'c', image: 'a' };
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } };
const selector = { matchLabels: { a: 'b' } };
const at = (group: string, plural: string) => `${group}/namespaces/default/${plural}`;

export const resources: FuzzResource[] = [
  {
    collection: at('/api/v1', 'configmaps'),
    apiVersion: 'v1',
    kind: 'ConfigMap',
    rest: { data: { a: 'b' } },
  },
  { collection: at('/api/v1', 'secrets'), apiVersion: 'v1', kind: 'Secret', rest: { data: { a: 'Yg==' } } },
  {
    collection: at('/api/v1', 'pods'),
    apiVersion: 'v1',
    kind: 'Pod',
    rest: { spec: { containers: [container] } },
  },
  {
    collection: at('/api/v1', 'services'),
    apiVersion: 'v1',
    kind: 'Service',
    rest: { spec: { selector: { a: 'b' }, ports: [{ port: 80 }] } },
  },
  {
    collection: at('/apis/apps/v1', 'deployments'),
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    rest: { spec: { replicas: 0, selector, template } },
  },
  { collection: '/api/v1/namespaces', apiVersion: 'v1', kind: 'Namespace', rest: {} },
  { collection: '/api/v1/nodes', apiVersion: 'v1', kind: 'Node', rest: { spec: { unschedulable: true } } },
  {
    collection: '/apis/storage.k8s.io/v1/storageclasses',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    rest: { provisioner: 'a/b' },
  },
];

/** `there` is what the player makes of each resource beforehand. */
export const names = ['there', 'there', 'there', 'none', 'new'];
export const subresources = ['status', 'scale', 'log', 'eviction', 'binding', 'finalize', 'exec', 'nothing'];

/** Texts that have stopped servers before. */
export const odd = [
  '',
  ' ',
  '.',
  '..',
  '%',
  '%00',
  '%2f',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  '-',
  '0',
  '-1',
  '1e999',
  '99999999999999999999',
  'a'.repeat(300),
  'ü',
  '\u{1F600}',
  '\u0000',
  '{}',
  '[]',
  'a,b',
  'a=b',
  '*',
  '"',
  "'",
  'application/json; charset=x',
  'text/html',
  'A_B',
  'a/b/c',
  ';',
  'true',
];

export const labels = [
  'a=b',
  'a==b',
  'a!=b',
  'a',
  '!a',
  'a in (b,c)',
  'a notin (b)',
  'a>1',
  'a<x',
  'a in ()',
  'a in (',
  '=',
  'a=',
  '!',
  'a,,b',
  'a b',
  '__proto__=x',
  'a=b,constructor',
  'x/y=z',
  '/y=z',
  'a=b=c',
  ' a = b ',
  'ü=1',
];
export const fields = [
  'metadata.name=there',
  'metadata.namespace=default',
  'metadata.name!=there',
  'status.phase=Running',
  'spec.nodeName=',
  'constructor=x',
  '__proto__=x',
  'metadata.name',
  'metadata.name=a,b=c',
  'type=Opaque',
  'spec.nothing=1',
  '=',
  '\\',
];

export const parameters: { name: string; values: string[] }[] = [
  { name: 'limit', values: ['0', '1', '500'] },
  { name: 'resourceVersion', values: ['', '0', '1', '999999999'] },
  { name: 'resourceVersionMatch', values: ['Exact', 'NotOlderThan'] },
  { name: 'continue', values: ['x', 'e30='] },
  { name: 'timeoutSeconds', values: ['1'] },
  { name: 'fieldValidation', values: ['Strict', 'Warn', 'Ignore'] },
  { name: 'fieldManager', values: ['me', 'm'.repeat(129)] },
  { name: 'force', values: ['true', 'false'] },
  { name: 'dryRun', values: ['All', 'None'] },
  { name: 'pretty', values: ['true', 'false'] },
  { name: 'gracePeriodSeconds', values: ['0', '5'] },
  { name: 'propagationPolicy', values: ['Orphan', 'Background', 'Foreground', 'Sideways'] },
  { name: 'includeObject', values: ['None', 'Metadata', 'Object'] },
  { name: '__proto__', values: ['x'] },
];

const proto = 'application/vnd.kubernetes.protobuf';
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
export const accepts = [
  'application/json',
  '*/*',
  proto,
  'application/yaml',
  table,
  `${table},application/json`,
  'text/html',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=Nothing;v=v1;g=meta.k8s.io',
  ',',
  'a/b;',
];
export const patchTypes = [
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** Content types; a header can carry less than a path. */
export const oddTypes = [
  '',
  ' ',
  '.',
  '__proto__',
  'constructor',
  'text/html',
  '*/*',
  ';',
  'a/b/c',
  'application/json; charset=x',
  ',',
];
