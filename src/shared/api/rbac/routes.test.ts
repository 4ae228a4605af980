import { beforeAll, expect, test } from '@jest/globals';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { kinds } from '../../kinds/registry.ts';
import { type Send, testServer } from '../testing/testingServer.ts';

/**
 * Every route that the kinds make, asked for by those who have no right to it. What is open all the same stands here:
 * a change that opens more has to write it down.
 */
const openToStrangers = ['GET /healthz', 'GET /livez', 'GET /readyz', 'GET /version'];
const openToKnown = [
  ...openToStrangers,
  'GET /api',
  'GET /api/v1',
  'GET /apis',
  'GET /openapi/v2',
  'GET /openapi/v3',
  'POST /apis/authentication.k8s.io/v1/selfsubjectreviews',
  'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
];
/** Discovery of each group and version. */
const isDiscovery = (line: string) => /^GET \/apis\/[^/]+(\/[^/]+)?$/.test(line);

const namespace = 'dev';
const methods: Record<string, string> = {
  create: 'POST',
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};
const ofCollections = ['create', 'list', 'watch', 'deletecollection'];

/** Of a kind that came with a definition. */
const custom = {
  group: 'routes.example.com',
  version: 'v1',
  plural: 'widgets',
  namespaced: true,
  verbs: Object.keys(methods),
  subresources: { status: true, scale: {} },
} as unknown as Kind;
const definition = {
  metadata: { name: 'widgets.routes.example.com' },
  spec: {
    group: custom.group,
    scope: 'Namespaced',
    names: { plural: custom.plural, kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
      },
    ],
  },
};
/** Of another API server. */
const elsewhere = {
  metadata: { name: 'v1.elsewhere.example.com' },
  spec: {
    ...{ group: 'elsewhere.example.com', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 },
    ...{ service: { namespace: 'default', name: 'other' }, insecureSkipTLSVerify: true },
  },
};

function routesOf(kind: Kind): string[] {
  const { group, plural, namespaced, verbs, subresources = {} } = kind;
  const root = `${group ? '/apis' : '/api'}/${apiVersionOf(kind)}`;
  const collection = `${root}${namespaced ? `/namespaces/${namespace}` : ''}/${plural}`;
  const parts = [
    ...(subresources.status ? [{ name: 'status', verbs: ['get', 'update', 'patch'] }] : []),
    ...(subresources.scale ? [{ name: 'scale', verbs: ['get', 'update', 'patch'] }] : []),
    ...(subresources.others ?? []),
  ];
  return [
    ...verbs.map((verb) => {
      const query = verb === 'watch' ? '?watch=true' : '';
      return `${methods[verb]} ${collection}${ofCollections.includes(verb) ? query : '/x'}`;
    }),
    ...(namespaced && verbs.includes('list') ? [`GET ${root}/${plural}`, `GET ${root}/watch/${plural}`] : []),
    ...parts.flatMap((part) => part.verbs.map((verb) => `${methods[verb]} ${collection}/x/${part.name}`)),
    `GET ${root}`,
    ...(group ? [`GET /apis/${group}`] : []),
  ];
}

const paths = [
  ...['/', '/metrics', '/healthz', '/healthz/ping', '/livez', '/readyz', '/version', '/api', '/apis'],
  ...['/openapi/v2', '/openapi/v3', '/.well-known/openid-configuration', '/openid/v1/jwks', '/nothing'],
  ...['/events', '/events/dead-letters', '/podusage', '/logs/', '/debug/pprof/', '/metrics/slis'],
  ...['/debug/api_priority_and_fairness/dump_requests', '/livez/ping', '/readyz/etcd', '/healthz/nothing'],
  ...[`/apis/elsewhere.example.com/v1/namespaces/${namespace}/things`, '/clusters', '/clusters/none'],
  ...['/api/v1/nothings', `/api/v1/namespaces/${namespace}/nothings/x`, '/apis/none.example/v1/x'],
].map((path) => `GET ${path}`);

/** Connections to what runs: every method that leads there, and what stands behind a proxy. */
const connections = ['attach', 'exec', 'portforward', 'proxy', 'proxy/a', 'log'].flatMap((part) =>
  ['GET', 'POST', 'PUT', 'DELETE'].flatMap((method) => [
    `${method} /api/v1/namespaces/${namespace}/pods/x/${part}`,
    `${method} /api/v1/namespaces/${namespace}/services/x/${part}`,
    `${method} /api/v1/nodes/x/${part}`,
  ]),
);

const routes = [...new Set([...[...kinds, custom].flatMap(routesOf), ...connections, ...paths])].sort();

const as = (commonName: string): Send => ({ peer: { certificate: { commonName, organizations: [] } } });
const callers: { who: string; caller: Send; open: (line: string) => boolean }[] = [
  { who: 'a stranger', caller: { peer: {} }, open: (line) => openToStrangers.includes(line) },
  ...[
    { who: 'somebody without rights', caller: as('nobody') },
    { who: 'somebody with all rights in another namespace', caller: as('neighbour') },
    { who: 'somebody with all rights in another cluster', caller: as('foreigner') },
  ].map((each) => ({ ...each, open: (line: string) => openToKnown.includes(line) || isDiscovery(line) })),
];

let send: Awaited<ReturnType<typeof testServer>>['send'];

const administrator = (name: string) => ({
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'User', name }],
});

beforeAll(async () => {
  ({ send } = await testServer());
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const made = [
    await send('POST /api/v1/namespaces', { body: { metadata: { name: namespace } } }),
    await send('POST /api/v1/namespaces', { body: { metadata: { name: 'other' } } }),
    await send('POST /apis/shallop.dev/v1/logicalclusters', { body: { metadata: { name: 'red' } } }),
    await send('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', { body: definition }),
    await send('POST /apis/apiregistration.k8s.io/v1/apiservices', { body: elsewhere }),
    await send(`POST ${rbac}/namespaces/other/rolebindings`, { body: administrator('neighbour') }),
    await send(`POST /clusters/red${rbac}/clusterrolebindings`, { body: administrator('foreigner') }),
  ];
  expect(made.map(({ status }) => status)).toEqual(Array(7).fill(201));
});

test.each(callers)('$who gets nothing but what is open', async ({ caller, open }) => {
  expect(routes.length).toBeGreaterThan(800);
  const leaks: string[] = [];
  for (const line of routes) {
    const { status } = await send(line, { ...caller, body: {} });
    const expected = open(line) ? status !== 403 : status === 403;
    if (!expected) leaks.push(`${line}: ${status}`);
  }
  expect(leaks).toEqual([]);
});

test('those rights count where they were given', async () => {
  expect((await send('GET /api/v1/namespaces/other/pods', as('neighbour'))).status).toBe(200);
  expect((await send('GET /clusters/red/api/v1/pods', as('foreigner'))).status).toBe(200);
});

test.each(callers)(
  '$who gets the same of a cluster that is there and of one that is not',
  async ({ who, caller }) => {
    if (who.includes('another cluster')) return;
    for (const line of routes) {
      const [method = '', path = ''] = line.split(' ');
      const ask = (cluster: string) => send(`${method} /clusters/${cluster}${path}`, { ...caller, body: {} });
      const [there, none] = [await ask('red'), await ask('none')];
      expect([line, none.status]).toEqual([line, there.status]);
    }
  },
);
