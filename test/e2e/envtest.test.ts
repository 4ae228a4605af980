import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import {
  apiserverFlags,
  asking,
  assetsIn,
  type Changes,
  type RunningEnvironment,
  selfSignedClient,
  startEnvironment,
} from '../support/environment.ts';
import { isWindows, needs } from '../support/needs.ts';
import { execute } from '../support/plane.ts';
import { until } from '../support/until.ts';

const { test, describe: describeHere } = needs(isWindows);
const masters = 'system:masters';

let folder: string;
let assets: string;
const running: RunningEnvironment[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-envtest-'));
  assets = await assetsIn(folder);
});
afterEach(async () => {
  for (const environment of running.splice(0)) await environment.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(changes: Changes = {}, env: Record<string, string> = {}) {
  const environment = await startEnvironment(assets, changes, env);
  running.push(environment);
  const admin = await environment.addUser('admin', masters);
  const create = async (path: string, object: object) => {
    const { code, body } = await admin('POST', path, object);
    if (code !== 201) throw new Error(`${code} ${body}`);
    return JSON.parse(body);
  };
  const list = async (path: string) => {
    const { code, body } = await admin('GET', path);
    if (code !== 200) throw new Error(`${code} ${body}`);
    return JSON.parse(body).items as { metadata: { name: string }; status?: { phase?: string } }[];
  };
  return { ...environment, admin, create, list };
}

const configMaps = '/api/v1/namespaces/default/configmaps';
const nameds = (name: string) => ({ metadata: { name } });
const podSpec = { containers: [{ name: 'c', image: 'i' }] };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: podSpec },
  },
};

describeHere('the folder', () => {
  test('has three programs, and printing it again changes none of them', async () => {
    const seen = () => readdirSync(assets).map((name) => [name, statSync(join(assets, name)).ino]);
    const before = seen();
    expect(before.map(([name]) => name)).toEqual(['etcd', 'kube-apiserver', 'kubectl']);
    expect(await assetsIn(folder)).toBe(assets);
    expect(seen()).toEqual(before);
  });

  test.each([
    { program: 'etcd', there: 'unsafe-no-fsync', absent: 'insecure-port' },
    { program: 'kube-apiserver', there: 'client-ca-file', absent: 'insecure-port' },
  ])('$program --help lists flags as envtest looks for them', async ({ program, there, absent }) => {
    const { code, stdout } = await execute(join(assets, program), ['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^\\s*--${there}\\b`, 'm'));
    expect(stdout).not.toMatch(new RegExp(`^\\s*--${absent}\\b`, 'm'));
  });

  test.each([
    { program: 'kube-apiserver', args: ['--nope'], code: 1, says: 'Error: unknown flag: --nope' },
    { program: 'kube-apiserver', args: ['--v=2'], code: 1, says: '--etcd-servers must be specified' },
    { program: 'etcd', args: ['--nope'], code: 2, says: 'flag provided but not defined: -nope' },
  ])('$program $args is refused', async ({ program, args, code, says }) => {
    const said = await execute(join(assets, program), args);
    expect(said).toMatchObject({ code, stderr: expect.stringContaining(says) });
  });

  test.each([
    { program: 'etcd', says: /^etcd Version: 3\./ },
    { program: 'kube-apiserver', says: /^Kubernetes v1\.35\./ },
  ])('$program --version tells which one it is like', async ({ program, says }) => {
    const { code, stdout } = await execute(join(assets, program), ['--version']);
    expect([code, says.test(stdout)]).toEqual([0, true]);
  });

  test('kubectl starts the one on PATH, and says so where there is none', async () => {
    const sh = (script: string) => execute('sh', ['-c', script]);
    const path = mkdtempSync(join(folder, 'path-'));
    const kubectl = (...args: string[]) =>
      execute(join(assets, 'kubectl'), args, { PATH: `${assets}:${path}` });
    expect(await kubectl('get')).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('no kubectl on PATH'),
    });
    await sh(`printf '#!/bin/sh\necho mine "$@"\n' > ${path}/kubectl; chmod +x ${path}/kubectl`);
    expect(await kubectl('get', 'a b')).toMatchObject({ code: 0, stdout: 'mine get a b\n' });
  });
});

describeHere('an environment', () => {
  test('is healthy for everybody, knows users by their certificates and ends at SIGTERM', async () => {
    const { anonymous, admin, addUser, stop } = await start();
    for (const path of ['/healthz', '/readyz', '/livez'])
      expect(await anonymous('GET', path)).toEqual({ code: 200, body: 'ok' });
    expect((await anonymous('GET', configMaps)).code).toBe(403);
    expect((await admin('POST', configMaps, nameds('a'))).code).toBe(201);

    const jane = await addUser('jane', 'readers');
    const refused = await jane('GET', configMaps);
    expect(JSON.parse(refused.body).message).toMatch(/^configmaps is forbidden: User "jane" cannot list/);
    await admin('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      ...nameds('readers'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'Group', name: 'readers' }],
    });
    await admin('PUT', '/apis/rbac.authorization.k8s.io/v1/clusterroles/view', {
      ...nameds('view'),
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }],
    });
    await until('a binding counts', async () => (await jane('GET', configMaps)).code === 200);
    expect(await stop()).toEqual([0, 0]);
  });

  test('does not trust certificates of another one, and shares nothing with it', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await one.create(configMaps, nameds('mine'));
    expect((await other.admin('GET', `${configMaps}/mine`)).code).toBe(404);
    const { body } = await one.admin('GET', '/api/v1/namespaces/default/services/kubernetes');
    expect(JSON.parse(body).spec.clusterIP).toBe('10.0.0.1');
  });

  test('does what an API server does alone: no controller touches anything', async () => {
    const { create, list, admin } = await start();
    expect((await list('/api/v1/namespaces')).map(({ metadata: { name } }) => name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    await create('/apis/apps/v1/namespaces/default/deployments', deployment);
    await create('/api/v1/namespaces/default/pods', { ...nameds('p'), spec: podSpec });
    await create('/api/v1/namespaces', nameds('going'));
    expect((await admin('DELETE', '/api/v1/namespaces/going')).code).toBe(200);
    expect(await list('/api/v1/namespaces/default/serviceaccounts')).toEqual([]);
    expect(await list('/apis/apps/v1/replicasets')).toEqual([]);
    expect(await list('/api/v1/nodes')).toEqual([]);
    expect((await create('/api/v1/nodes', nameds('n'))).spec.taints).toEqual([
      { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
    ]);
    const pods = await list('/api/v1/pods');
    expect(pods).toEqual([
      expect.objectContaining({ status: expect.objectContaining({ phase: 'Pending' }) }),
    ]);
    const told = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';
    expect(JSON.parse((await admin('GET', told)).body).data).toEqual({
      'client-ca-file': expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
    });
    const going = JSON.parse((await admin('GET', '/api/v1/namespaces/going')).body);
    expect(going.status.phase).toBe('Terminating');
  });

  test('runs the controllers that SHALLOP_CONTROLLERS names', async () => {
    const { create, list, admin } = await start(
      {},
      { SHALLOP_CONTROLLERS: 'deployment, replicaset,namespace' },
    );
    await create('/apis/apps/v1/namespaces/default/deployments', deployment);
    await until('the Deployment has a Pod', async () => (await list('/api/v1/pods')).length === 1);
    await create('/api/v1/namespaces', nameds('going'));
    await admin('DELETE', '/api/v1/namespaces/going');
    await until(
      'the namespace goes',
      async () => (await admin('GET', '/api/v1/namespaces/going')).code === 404,
    );
  });

  test('signs tokens with the key it was given, for the issuer it was told', async () => {
    const { create, port, anonymous, admin } = await start();
    await create('/api/v1/namespaces/default/serviceaccounts', nameds('robot'));
    const path = '/api/v1/namespaces/default/serviceaccounts/robot/token';
    const { status } = await create(path, { spec: { expirationSeconds: 600 } });
    const claims = JSON.parse(Buffer.from(status.token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ iss: `https://127.0.0.1:${port}/`, aud: [`https://127.0.0.1:${port}/`] });
    const review = '/apis/authentication.k8s.io/v1/tokenreviews';
    const { body } = await admin('POST', review, { spec: { token: status.token } });
    expect(JSON.parse(body).status.user.username).toBe('system:serviceaccount:default:robot');
    expect((await anonymous('GET', '/openid/v1/jwks')).code).toBe(403);
  });

  test('knows a client by a certificate that is its own authority, as kube-api-test has it', async () => {
    const pair = await selfSignedClient('O=system:masters, CN=kubeapitest');
    const file = join(folder, 'client.crt');
    writeFileSync(file, pair.certificate);
    const environment = await startEnvironment(assets, { 'client-ca-file': file });
    running.push(environment);
    expect((await asking(environment.port, pair)('GET', configMaps)).code).toBe(200);
    const stranger = await environment.addUser('admin', masters);
    expect((await stranger('GET', configMaps)).code).toBe(401);
  });

  test('ends with an error where its ports are taken', async () => {
    const { port, certDir } = await start();
    const flags = { ...apiserverFlags(certDir, 'http://127.0.0.1:1', port) };
    const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    const taken = `127.0.0.1:${port}: bind: address already in use`;
    expect(await execute(join(assets, 'kube-apiserver'), words)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(taken),
    });
    const etcd = [`--listen-client-urls=http://127.0.0.1:${port}`];
    expect(await execute(join(assets, 'etcd'), etcd)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EADDRINUSE'),
    });
  });

  test('knows nobody by a certificate where there is no authority', async () => {
    const { port, admin } = await start({ 'client-ca-file': undefined });
    expect((await admin('GET', configMaps)).code).toBe(403);
    expect((await asking(port)('GET', '/healthz')).code).toBe(200);
  });

  test('makes its certificate where there is none', async () => {
    const made = mkdtempSync(join(folder, 'certs-'));
    const { admin } = await start({ 'cert-dir': made });
    expect(readdirSync(made)).toEqual(['apiserver.crt', 'apiserver.key']);
    expect(readFileSync(join(made, 'apiserver.crt'), 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect((await admin('GET', '/version')).code).toBe(200);
  });
});
