import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { type Deployment, openDeployment, type Principal } from '../support/aws/deployment.ts';
import { runningPod } from '../support/aws/runningPod.ts';
import { needs, noTool } from '../support/needs.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));

describeWithKubectl('kubectl against the API Lambda', () => {
  let deployment: Deployment;
  const k = async (...args: string[]) => {
    const said = await deployment.kubectl(args);
    if (said.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${said.stdout}${said.stderr}`);
    return said.stdout.trim();
  };
  const apply = (object: object) =>
    deployment.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });
  const refused = async (who: Principal, ...args: string[]) => {
    const said = await deployment.kubectl(args, { who });
    expect(said.code).not.toBe(0);
    return said.stderr.trim();
  };

  beforeAll(async () => {
    deployment = await openDeployment(kubectl!);
  });
  afterAll(() => deployment?.close());

  test('finds out what there is, and who it is itself', async () => {
    expect(await k('get', 'namespaces', '-o', 'name')).toContain('namespace/kube-system');
    expect(await k('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe('kubernetes-admin');
    expect(await k('version')).toContain('Server Version: v1.35');
  });

  test('applies, selects, explains and deletes', async () => {
    const map = (value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'map', labels: { app: 'web' } },
      data: { value },
    });
    expect((await apply(map('one'))).stdout).toBe('configmap/map created\n');
    expect((await apply(map('two'))).stdout).toBe('configmap/map configured\n');
    expect((await apply(map('two'))).stdout).toBe('configmap/map unchanged\n');
    const selected = await k(
      'get',
      'configmap',
      '-l',
      'app in (web, other)',
      '-o',
      'jsonpath={.items[*].data.value}',
    );
    expect(selected).toBe('two');
    expect(await k('explain', 'deployment.spec.replicas')).toContain('FIELD: replicas <integer>');
    expect(await k('delete', 'configmap', 'map')).toContain('deleted');
  });

  test('watches what comes, until its time is over', async () => {
    const watching = deployment.kubectl(['get', 'configmaps', '-w', '-o', 'name', '--request-timeout=4s']);
    await k('create', 'configmap', 'seen', '--from-literal=a=b');
    expect((await watching).stdout).toContain('configmap/seen');
  });

  test('gets a logical cluster of its own under a path', async () => {
    const object = { apiVersion: 'shallop.dev/v1', kind: 'LogicalCluster', metadata: { name: 'red' } };
    expect((await apply(object)).stdout).toContain('red created');
    const red = (...args: string[]) => deployment.kubectl(args, { cluster: 'red' });
    expect(await red('create', 'namespace', 'here')).toMatchObject({ code: 0 });
    expect((await red('get', 'namespaces', '-o', 'name')).stdout).toBe('namespace/here\n');
    expect((await red('explain', 'pod.spec.nodeName')).stdout).toContain('FIELD: nodeName <string>');
    expect(await k('get', 'namespaces', '-o', 'name')).not.toContain('here');
  });

  test('is told what it may not do, in the usual words', async () => {
    expect(await refused('VIEWER', 'get', 'secrets')).toBe(
      'Error from server (Forbidden): secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "default"',
    );
    expect(await refused('VIEWER', 'create', 'configmap', 'x')).toContain(
      'User "viewer" cannot create resource "configmaps"',
    );
    expect((await deployment.kubectl(['get', 'pods'], { who: 'VIEWER' })).stderr).toBe(
      'No resources found in default namespace.\n',
    );
    const list = (await deployment.kubectl(['auth', 'can-i', '--list'], { who: 'VIEWER' })).stdout;
    expect(list).toMatch(/pods\/log +\[\] +\[\] +\[get list watch\]/);
    expect(list).not.toContain('secrets');
    const canI = (verb: string) =>
      deployment.kubectl(['auth', 'can-i', verb, 'deployments'], { who: 'VIEWER' });
    expect((await canI('get')).stdout).toBe('yes\n');
    expect((await canI('create')).stdout).toBe('no\n');
  });

  test('is nobody to a stranger', async () => {
    expect(await refused('STRANGER', 'get', 'pods')).toContain(
      'error: You must be logged in to the server (Unauthorized)',
    );
  });

  test('reads logs, and follows them', async () => {
    const { output } = deployment.front;
    const logRequests = () => output.filter((line) => line.includes('"subresource":"log"')).length;
    await runningPod(deployment, 'talker');
    deployment.print('hello');
    expect(await k('logs', 'talker')).toBe('hello');
    const following = deployment.kubectl(['logs', '-f', 'talker', '--request-timeout=4s']);
    await until('kubectl to follow', () => logRequests() === 2);
    deployment.print('world');
    expect((await following).stdout).toBe('hello\nworld\n');
    expect(await refused('ADMIN', 'logs', 'talker', '--previous')).toContain(
      'previous terminated container "c" in pod "talker" not found',
    );
  });

  test.each([
    ['exec', ['exec', 'pod', '--', 'true']],
    ['exec', ['cp', 'pod:/etc/hostname', './hostname']],
    ['attach', ['attach', 'pod']],
    ['portforward', ['port-forward', 'pod', '1234:80']],
  ])('is told why %s does not work, and the remedy', async (name, args) => {
    await runningPod(deployment, 'pod');
    expect(await refused('ADMIN', ...args)).toContain(
      `: pods/${name} is not supported by this server yet: it needs an upgraded connection`,
    );
  });
});
