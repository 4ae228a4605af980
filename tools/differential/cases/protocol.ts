/** What clients may get wrong, or want otherwise, whatever the kind. */
import type { Case, Request } from '../case.ts';
import type { Subject } from '../grammar.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const pod = (spec: object) => ({
  metadata: { name: 'x' },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});

const oddPods: unknown[] = [
  pod({ hostNetwork: 'yes' }),
  pod({ hostNetwork: 1 }),
  pod({ activeDeadlineSeconds: 1.5 }),
  pod({ activeDeadlineSeconds: '5' }),
  '{"metadata":{"name":"x"},"spec":{"activeDeadlineSeconds":1e400}}',
  pod({ terminationGracePeriodSeconds: true }),
  pod({ nodeSelector: ['a'] }),
  pod({ nodeSelector: { a: 1 } }),
  pod({ nodeSelector: { a: {} } }),
  pod({ volumes: {} }),
  pod({ volumes: ['v'] }),
  pod({ volumes: [null] }),
  pod({ volumes: [{ name: 'v', emptyDir: 'x' }] }),
  pod({ volumes: [{ name: 'v', emptyDir: null }] }),
  pod({ volumes: [{ name: 'v', emptyDir: { sizeLimit: true } }] }),
  pod({ volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: '0644' } }] }),
  pod({ tolerations: [{ tolerationSeconds: 'x' }] }),
  pod({ hostAliases: [{ hostnames: 'h' }] }),
  pod({ containers: 'c' }),
  pod({ containers: [1] }),
  pod({ containers: [{ name: 1 }] }),
  pod({ containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 2147483648 }] }] }),
  pod({ containers: [{ name: 'c', image: 'i', env: { A: 'b' } }] }),
  pod({ containers: [{ name: 'c', image: 'i', env: [{ name: 'A', value: 1 }] }] }),
  pod({ containers: [{ name: 'c', image: 'i', env: [{ name: 'A', value: true }] }] }),
  pod({ containers: [{ name: 'c', image: 'i', livenessProbe: { httpGet: { port: 1.5 } } }] }),
  pod({ containers: [{ name: 'c', image: 'i', livenessProbe: { httpGet: { port: true } } }] }),
  pod({ containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: {} } } }] }),
  pod({ containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: [] } } }] }),
  pod({ containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: true } } }] }),
  pod({ containers: [{ name: 'c', image: 'i', Image: 'j' }] }),
  { metadata: { name: 'x' }, spec: [] },
  { metadata: { name: 'x' }, spec: 'x' },
  { metadata: { name: 'x', creationTimestamp: 5 }, spec: {} },
  { metadata: { name: 'x', labels: 'a=b' }, spec: {} },
  { metadata: { name: 'x', ownerReferences: [{ controller: 'yes' }] }, spec: {} },
  [],
  5,
  'null',
  '"x"',
  '',
  '{',
  '{"metadata":{"name":"x"},}',
  '{"metadata":{"name":"x"}} x',
  '{"a":1}{"b":2}',
  '\u0000',
  '{"metadata":{"name":"\\ud800"}}',
  { kind: 'Pod', apiVersion: 'v1beta1' },
  { kind: 'Nope', apiVersion: 'v1' },
  { kind: 'Deployment', apiVersion: 'apps/v1' },
  { kind: 'Pod', apiVersion: 'v1/v2/v3' },
  { kind: 7 },
  { apiVersion: 7 },
  { kind: 'PodList', apiVersion: 'v1', items: [] },
  { kind: 'List', apiVersion: 'v1', items: [] },
];

const unknown = {
  metadata: { name: 'x', extra: 1 },
  spec: {
    containers: [{ name: 'c', image: 'i', imagee: 'j', ports: [{ containerPort: 1, port: 2 }] }],
    replica: 1,
  },
  statuss: {},
};
const twice = '{"metadata":{"name":"x","name":"x"},"data":{"a":"1","a":"2"},"data":{"b":"3"},"dataa":{}}';

export const bodies: Case[] = [
  ...oddPods.map((body, i) => ({
    name: `odd pod ${i} ${JSON.stringify(body).slice(0, 90)}`,
    request: { line: `POST ${pods}`, body },
  })),
  ...['', 'Strict', 'Warn', 'Ignore', 'strict'].flatMap((mode) => [
    {
      name: `unknown fields, ${mode}`,
      request: { line: `POST ${pods}?fieldValidation=${mode}`, body: unknown },
    },
    {
      name: `double fields, ${mode}`,
      request: { line: `POST ${maps}?fieldValidation=${mode}`, body: twice },
    },
  ]),
  {
    name: 'unknown fields in a template',
    request: {
      line: `POST ${deployments}?fieldValidation=Strict`,
      body: {
        metadata: { name: 'x' },
        spec: { template: { spec: { containers: [{ nam: 1 }], foo: 2 }, bar: 3 }, baz: 4 },
        qux: 5,
      },
    },
  },
  ...['application/yaml', 'text/plain', 'application/json;charset=utf-8', 'application/x', ''].map(
    (type) => ({
      name: `body of type ${type}`,
      request: {
        line: `POST ${maps}`,
        body:
          type === 'application/yaml'
            ? 'metadata:\n  name: x\ndata:\n  a: "1"\n'
            : { metadata: { name: 'x' } },
        type,
      },
    }),
  ),
  ...[
    'metadata:\n  name: x\ndata:\n  a: 1\n',
    'a: [',
    'metadata: {name: x}\nunknown: 1\n',
    'metadata: {name: x}\ndata: {a: b, a: c}\n',
    '- a\n',
    'x',
    '',
  ].map((body, i) => ({
    name: `yaml ${i}`,
    request: { line: `POST ${maps}?fieldValidation=Strict`, body, type: 'application/yaml' },
  })),
  ...[
    'dryRun=All',
    'dryRun=',
    'dryRun=Some',
    'dryRun=All&dryRun=All',
    'fieldManager=m',
    `fieldManager=${'m'.repeat(129)}`,
    'fieldManager=a%00b',
    'pretty=true',
    'pretty=x',
    'foo=bar',
  ].map((query) => ({
    name: `create with ${query}`,
    request: { line: `POST ${maps}?${query}`, body: { metadata: { name: 'x' } } },
  })),
];

/** Over a ConfigMap `x` with the datum `a`. */
export const queries: Request[] = [
  ...[
    'fieldSelector=metadata.name%3Dx',
    'fieldSelector=metadata.name%3D%3Dx',
    'fieldSelector=metadata.name!%3Dx,metadata.namespace%3Ddefault',
    'fieldSelector=metadata.nam%3Dx',
    'fieldSelector=a',
    'fieldSelector=a%3D',
    'fieldSelector=%3Dx',
    'fieldSelector=metadata.name%3Dx%5C,y',
    'labelSelector=a%3Db',
    'labelSelector=a%3D%3D%3Db',
    'labelSelector=a+in+(b,c)',
    'labelSelector=a+in+()',
    'labelSelector=a+in+b',
    'labelSelector=!a',
    'labelSelector=!a,b',
    'labelSelector=a+b',
    'labelSelector=a+notin+(b',
    'labelSelector=a%3E1',
    'labelSelector=a%3Ex',
    'labelSelector=%C3%A4',
    'labelSelector=a%3D%C3%A4',
    'labelSelector=,',
    'labelSelector=a,,b',
    `labelSelector=${'a'.repeat(64)}`,
    'limit=-1',
    'limit=x',
    'limit=1&continue=x',
    'resourceVersion=x',
    'resourceVersion=-1',
    'resourceVersionMatch=Exact',
    'resourceVersionMatch=Other&resourceVersion=1',
    'resourceVersion=0&resourceVersionMatch=Exact',
    'resourceVersionMatch=NotOlderThan',
    'timeoutSeconds=x',
    'timeoutSeconds=5',
    'allowWatchBookmarks=x',
    'sendInitialEvents=true',
    'watch=false',
    'watch=true&sendInitialEvents=true',
    'watch=true&resourceVersionMatch=NotOlderThan',
    'watch=true&resourceVersion=x',
    'foo=bar',
  ].map((query) => ({
    line: `GET ${maps}?${query}${query.includes('metadata.name') || query.startsWith('watch=true') ? '' : '&fieldSelector=metadata.name%3Dx'}`.replace(
      /(fieldSelector=.*)&fieldSelector=.*$/,
      '$1',
    ),
  })),
  ...['', '?pretty=true', '?resourceVersion=0', '?resourceVersion=x', '?resourceVersion=99999999']
    .slice(0, 4)
    .map((query) => ({ line: `GET ${maps}/x${query}` })),
  { line: `GET ${maps}/y` },
  { line: `GET ${maps}/X_` },
  { line: 'GET /api/v1/namespaces/nowhere/configmaps' },
  { line: 'GET /api/v1/namespaces/nowhere/configmaps/x' },
  { line: 'GET /api/v1/configmaps?fieldSelector=metadata.name%3Dx' },
  { line: 'GET /api/v1/namespaces/default/nothings' },
  { line: 'GET /api/v2/namespaces/default/configmaps' },
  { line: 'GET /apis/none/v1/things' },
  { line: `GET ${maps}/x/status` },
  { line: `GET ${maps}/x/y/z` },
  { line: `POST ${maps}/x`, body: { metadata: { name: 'x' } } },
  { line: `PUT ${maps}`, body: { metadata: { name: 'x' } } },
  { line: `PATCH ${maps}`, body: {} },
  { line: 'POST /api/v1/configmaps', body: { metadata: { name: 'y' } } },
  { line: 'DELETE /api/v1/configmaps' },
  { line: 'DELETE /api/v1/namespaces' },
  { line: 'POST /api/v1/namespaces/nowhere/configmaps', body: { metadata: { name: 'y' } } },
  { line: `PUT ${maps}/y`, body: { metadata: { name: 'y' } } },
  { line: `PUT ${maps}/y?dryRun=All`, body: { metadata: { name: 'y' } } },
  { line: `PUT ${maps}/x`, body: { metadata: { name: 'y' } } },
  { line: `PUT ${maps}/x`, body: { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'x' } } },
  { line: `PUT ${maps}/x?dryRun=All`, body: { metadata: { name: 'x' }, data: { b: '2' } } },
  { line: `PUT ${maps}/x`, body: 'x' },
  { line: `POST ${maps}`, body: { metadata: { name: 'x' } } },
  { line: `POST ${maps}?dryRun=All`, body: { metadata: { name: 'x' } } },
  ...[
    'application/json;as=Table;v=v1;g=meta.k8s.io',
    'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
    'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    'application/json;as=Table;v=v2;g=meta.k8s.io',
    'application/json;as=Nope;v=v1;g=meta.k8s.io',
    'application/yaml',
    'text/html',
    'application/xml',
    '*/*',
    'text/*',
    '',
  ].flatMap((accept) => [
    { line: `GET ${maps}/x`, accept },
    { line: `GET ${maps}?fieldSelector=metadata.name%3Dx`, accept },
  ]),
];

const json = 'application/json-patch+json';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';

export const patchesOfAllTypes: Request[] = [
  ...[
    [],
    {},
    [{ op: 'add', path: '/data/b', value: '2' }],
    [{ op: 'replace', path: '/data/a', value: '2' }],
    [{ op: 'replace', path: '/data/z', value: '2' }],
    [{ op: 'remove', path: '/data/z' }],
    [{ op: 'remove', path: '/data/a' }],
    [{ op: 'test', path: '/data/a', value: '1' }],
    [{ op: 'test', path: '/data/a', value: '2' }],
    [{ op: 'move', from: '/data/a', path: '/data/b' }],
    [{ op: 'copy', from: '/data/a', path: '/data/b' }],
    [{ op: 'copy', from: '/data/z', path: '/data/b' }],
    [{ op: 'nope', path: '/data/a' }],
    [{ op: 'add', path: '/data/a' }],
    [{ op: 'add', path: 'data', value: 1 }],
    [{ op: 'add', path: '/data/a', value: 1 }],
    [{ op: 'add', path: '/datum', value: 1 }],
    [{ op: 'replace', path: '/metadata/name', value: 'y' }],
    [{ op: 'replace', path: '/kind', value: 'Secret' }],
    [{ op: 'replace', path: '', value: {} }],
    'x',
  ].map((body) => ({ line: `PATCH ${maps}/x`, type: json, body })),
  ...[
    {},
    null,
    [],
    'x',
    { data: null },
    { data: { a: null } },
    { data: { a: 1 } },
    { data: [] },
    { datum: 1 },
    { kind: 'Secret' },
    { apiVersion: 'v2' },
    { metadata: null },
    { metadata: { resourceVersion: '1' } },
    { metadata: { finalizers: ['q'] } },
    { immutable: true },
  ].flatMap((body) => [
    { line: `PATCH ${maps}/x`, type: merge, body: body ?? 'null' },
    { line: `PATCH ${maps}/x`, type: strategic, body: body ?? 'null' },
  ]),
  ...[
    { data: { $patch: 'replace', b: '2' } },
    { data: { $patch: 'delete' } },
    { data: { $patch: 'nope' } },
    { $patch: 'delete' },
    { metadata: { $retainKeys: ['name'] } },
    { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
  ].map((body) => ({ line: `PATCH ${maps}/x`, type: strategic, body })),
  ...['Strict', 'Warn', 'Ignore'].map((mode) => ({
    line: `PATCH ${maps}/x?fieldValidation=${mode}`,
    type: merge,
    body: { datum: 1 },
  })),
  { line: `PATCH ${maps}/y`, body: {} },
  { line: `PATCH ${maps}/x?dryRun=All`, body: { data: { b: '2' } } },
  { line: `PATCH ${maps}/x`, type: 'application/json', body: {} },
  { line: `PATCH ${maps}/x?force=true`, body: {} },
];

/** Strategic patches of a Pod that make no sense. */
export const badStrategicPatches: Request[] = [
  { spec: { $retainKeys: ['a'], hostname: 'b' } },
  { spec: { containers: [{ image: 'x' }] } },
  { spec: { $patch: 'merge' } },
  { spec: { containers: [{ name: 'c', $patch: 'merge' }] } },
  { spec: { containers: [{ name: 'c', $patch: 'delete' }] } },
  { spec: { containers: [{ name: 'c', $patch: 'replace' }] } },
  {
    spec: {
      '$setElementOrder/containers': [{ name: 'a' }, { name: 'c' }],
      containers: [{ name: 'c' }, { name: 'a' }],
    },
  },
  { spec: { '$setElementOrder/containers': 1 } },
  { spec: { containers: 'x' } },
  { spec: { containers: [1] } },
  { spec: { containers: { name: 'c' } } },
  { metadata: { '$deleteFromPrimitiveList/finalizers': 'x' } },
  { metadata: { '$deleteFromPrimitiveList/finalizers': [1] } },
  { metadata: 5 },
  { spec: { activeDeadlineSeconds: '5' } },
  { spec: { activeDeadlineSeconds: 1.5 } },
  { spec: { containers: [{ name: 'c', ports: [{ containerPort: 'x' }] }] } },
  { spec: { containers: [{ name: 'c', resources: { limits: { cpu: 'x' } } }] } },
  { spec: { nodeSelector: 'x' } },
  { spec: { hostNetwork: 'x' } },
].map((body) => ({ line: `PATCH ${pods}/x`, type: strategic, body }));

export const deletions = ({ collection }: Subject): Request[] => [
  { line: `DELETE ${collection}/x` },
  { line: `DELETE ${collection}/y` },
  { line: `DELETE ${collection}/x?dryRun=All` },
  {
    line: `DELETE ${collection}/x`,
    body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground' },
  },
  { line: `DELETE ${collection}/x`, body: { propagationPolicy: 'Sideways' } },
  { line: `DELETE ${collection}/x`, body: { orphanDependents: true, propagationPolicy: 'Orphan' } },
  { line: `DELETE ${collection}/x`, body: { gracePeriodSeconds: -5 } },
  { line: `DELETE ${collection}/x`, body: { gracePeriodSeconds: 'x' } },
  { line: `DELETE ${collection}/x`, body: { preconditions: { uid: 'u' } } },
  { line: `DELETE ${collection}/x`, body: { preconditions: { resourceVersion: '1' } } },
  { line: `DELETE ${collection}/x`, body: { dryRun: ['Some'] } },
  { line: `DELETE ${collection}/x`, body: { unknown: 1 } },
  { line: `DELETE ${collection}/x?propagationPolicy=Orphan` },
  { line: `DELETE ${collection}/x?gracePeriodSeconds=x` },
];

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export const tables = ({ collection }: Subject): Request[] => {
  const only = 'fieldSelector=metadata.name%3Dx';
  return [
    { line: `GET ${collection}?${only}`, accept: table },
    { line: `GET ${collection}/x?includeObject=None`, accept: table },
    { line: `GET ${collection}?${only}&includeObject=Object`, accept: table },
    { line: `GET ${collection}?includeObject=Nope&${only}`, accept: table },
  ];
};
