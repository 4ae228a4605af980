import { beforeAll, describe, expect, test } from '@jest/globals';
import { sender, testServer } from '../../shared/api/testing/testingServer.ts';
import { bearerToken, clientCertificate, firstOf, internalPeer } from '../../shared/auth/authenticate.ts';
import { kubeletHandle } from './handle.ts';

type Server = Awaited<ReturnType<typeof testServer>>;

let server: Server;
let send: ReturnType<typeof sender>;

/** Is no token of ours, but says as one does which logical cluster it is for. */
const tokenFor = (cluster: string) =>
  `head.${Buffer.from(JSON.stringify({ 'kubernetes.io': { cluster } })).toString('base64url')}.signature`;
const users: Record<string, string> = {
  prometheus: tokenFor('default'),
  stranger: `${tokenFor('default')}2`,
  elsewhere: tokenFor('other'),
};
const as = (name: keyof typeof users) => ({
  headers: { authorization: `Bearer ${users[name]}` },
  peer: {},
});
const nobody = { peer: {} };

const pod = (name: string, nodeName: string) => ({
  metadata: { name, namespace: 'default' },
  spec: { nodeName, containers: [{ name: 'c', image: 'i' }] },
});

beforeAll(async () => {
  server = await testServer({
    authenticate: firstOf(
      internalPeer,
      clientCertificate,
      bearerToken((token, cluster) => {
        const name = Object.keys(users).find((each) => users[each] === token);
        const isThere = cluster === (name === 'elsewhere' ? 'other' : 'default');
        return name && isThere ? { name, groups: [] } : undefined;
      }),
    ),
    podLogs: async function* (_ref, container, { tailLines, follow }) {
      yield Buffer.from(`${container} ${tailLines ?? 'all'} ${follow}`);
    },
    podProbes: ({ name }) => [{ container: name, type: 'Liveness', result: 'failed', count: 3 }],
    meter: {
      pod: async () => undefined,
      usages: async () => [],
      nodeUsage: async () => ({ at: 2000, since: 0, cpuNanoseconds: 1e9, memoryBytes: 5 }),
      node: async () => undefined,
    },
  });
  for (const name of ['n', 'm']) await server.send('POST /api/v1/nodes', { body: { metadata: { name } } });
  for (const each of [pod('p', 'n'), pod('q', 'm')])
    await server.send('POST /api/v1/namespaces/default/pods', { body: each });
  const roles = '/apis/rbac.authorization.k8s.io/v1';
  const rules = [{ apiGroups: [''], resources: ['nodes/metrics', 'nodes/pods'], verbs: ['get'] }];
  const subject = { kind: 'User', name: 'prometheus', apiGroup: 'rbac.authorization.k8s.io' };
  const roleRef = { kind: 'ClusterRole', name: 'scrapes', apiGroup: 'rbac.authorization.k8s.io' };
  await server.send(`POST ${roles}/clusterroles`, { body: { metadata: { name: 'scrapes' }, rules } });
  await server.send(`POST ${roles}/clusterrolebindings`, {
    body: { metadata: { name: 'scrapes' }, roleRef, subjects: [subject] },
  });
  send = sender(kubeletHandle(server.deps, 'n'));
});

describe('the port of a node', () => {
  test.each(['/metrics', '/pods', '/healthz', '/nothing', '/'])(
    '%s is for nobody without a name',
    async (path) => {
      expect(await send(`GET ${path}`, nobody)).toMatchObject({ status: 401, text: 'Unauthorized' });
    },
  );

  test('a bad token is nobody', async () => {
    const headers = { authorization: 'Bearer x.y.z' };
    expect((await send('GET /healthz', { headers, peer: {} })).status).toBe(401);
  });

  test.each([
    ['/metrics', 200],
    ['/metrics/resource', 200],
    ['/metrics/probes', 200],
    ['/pods', 200],
    ['/pods/', 200],
    ['/runningpods/', 200],
    ['/healthz', 403],
    ['/stats/summary', 403],
    ['/configz', 403],
    ['/containerLogs/default/p/c', 403],
    ['/metrics%2F..%2Fstats/summary', 404],
    ['//stats/summary', 403],
  ])('with rights to metrics and pods %s is %d', async (path, status) => {
    expect((await send(`GET ${path}`, as('prometheus'))).status).toBe(status);
  });

  test('refusals have the words of a kubelet', async () => {
    expect((await send('GET /metrics/resource', as('stranger'))).text).toBe(
      'Forbidden (user=stranger, verb=get, resource=nodes, subresource(s)=[metrics])\n',
    );
    expect((await send('POST /pods', as('prometheus'))).text).toBe(
      'Forbidden (user=prometheus, verb=create, resource=nodes, subresource(s)=[pods proxy])\n',
    );
    expect((await send('GET /run/a/b/c', as('stranger'))).text).toContain('subresource(s)=[proxy]');
    expect((await send('TRACE /metrics', as('prometheus'))).text).toContain('verb=, ');
  });

  test('a token means its own logical cluster, where rights of another are none', async () => {
    expect((await send('GET /metrics', as('elsewhere'))).text).toContain('Forbidden (user=elsewhere');
    expect((await send('GET /clusters/other/metrics', as('prometheus'))).status).toBe(401);
  });

  test('a certificate names its user, who asks of `default` unless the path says another', async () => {
    expect((await send('GET /healthz')).text).toBe('ok');
    expect((await send('GET /clusters/other/healthz')).text).toBe('nodes "n" not found');
  });

  test('tells what runs on it, and not what runs on others', async () => {
    const { json } = await send('GET /pods');
    expect(json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(['p']);
    expect((await send('GET /metrics/resource')).text).toContain('node_cpu_usage_seconds_total 1 2000\n');
    expect((await send('GET /metrics/probes')).text).toMatch(
      /^# HELP prober_probe_total \[BETA\] Cumulative number of a liveness, readiness or startup probe for a container by result.\n# TYPE prober_probe_total counter\nprober_probe_total\{container="p",namespace="default",pod="p",pod_uid="[^"]+",probe_type="Liveness",result="failed"\} 3\n$/,
    );
  });

  test.each([
    ['p/c', 200, 'c all false'],
    ['p/c?tailLines=3&follow=true', 200, 'c 3 true'],
    ['p/c?tail=4', 200, 'c 4 false'],
    ['p/c?tailLines=3&tail=all', 200, 'c all false'],
    ['p/c?tailLines=-1', 422, '{"message": "Invalid request."}'],
    ['p/d', 404, 'container "d" not found in pod "p"'],
    ['q/c', 404, 'pod "q" does not exist'],
    ['p', 404, '404 page not found\n'],
  ])('the log of %s is %d', async (what, status, text) => {
    expect(await send(`GET /containerLogs/default/${what}`)).toMatchObject({ status, text });
  });

  test('what it does not do has another way', async () => {
    expect(await send('POST /exec/default/p/c')).toMatchObject({
      status: 405,
      text: '/exec of a node is not supported by this server yet: pods/exec is',
    });
    expect(await send('POST /metrics')).toMatchObject({ status: 405 });
  });
});
