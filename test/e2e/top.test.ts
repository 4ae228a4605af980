import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const versions: ToolVersion[] = ['v35', 'v32'];
const manifest = `
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
  annotations: {fake.shallop.dev/cpu: 200m, fake.shallop.dev/cpu.side: 50m, fake.shallop.dev/memory: 32Mi}
spec:
  containers: [{name: app, image: i}, {name: side, image: i}]
`;

describe.each(versions)('kubectl %s top', (version) => {
  const kubectl = packagedTool('kubectl', version);
  const { test: testWithKubectl } = needs(noTool(kubectl));
  let plane: Plane;
  let k: ReturnType<typeof kubectlFor>['raw'];

  beforeAll(async () => {
    plane = await openPlane('top');
    if (!kubectl) return;
    k = kubectlFor(kubectl, plane).raw;
    await plane.start('--runtime', 'fake');
  });
  afterAll(() => plane?.close());

  const rows = async (...args: string[]) =>
    (await k(['top', ...args, '--no-headers'])).stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));

  testWithKubectl('shows what Pods, their containers and Nodes use', async () => {
    expect((await k(['apply', '-f', '-'], manifest)).code).toBe(0);
    await until('the Pod to be measured', async () => (await k(['top', 'pod', 'web'])).code === 0);
    expect(await rows('pod', 'web')).toEqual([['web', '250m', '64Mi']]);
    expect(await rows('pods', '-l', 'app=web', '--containers')).toEqual([
      ['web', 'app', '200m', '32Mi'],
      ['web', 'side', '50m', '32Mi'],
    ]);
    expect(await rows('pods', '-A', '--sum')).toContainEqual(['default', 'web', '250m', '64Mi']);
    expect(await rows('nodes')).toEqual([['shallop', '250m', '0%', '64Mi', '0%']]);
    expect((await k(['top', 'pod', 'other'])).stderr).toContain('pods "other" not found');
    expect((await k(['get', 'pods.metrics.k8s.io'])).stdout).toMatch(
      /^NAME +CPU +MEMORY +WINDOW\nweb +250m +64Mi /,
    );
  });
});
