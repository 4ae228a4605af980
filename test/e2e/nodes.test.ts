import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const versions: ToolVersion[] = ['v35', 'v32'];
const nodes = ['shallop', 'shallop-2', 'shallop-3'];
const app = (kind: string, name: string, spec: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'i' }] },
    },
    ...spec,
  },
});

describe.each(versions)('several Nodes with kubectl %s', (version) => {
  const kubectl = packagedTool('kubectl', version);
  const { test: testWithKubectl } = needs(noTool(kubectl));
  let plane: Plane;
  let cli: ReturnType<typeof kubectlFor>;

  beforeAll(async () => {
    plane = await openPlane('nodes');
    if (!kubectl) return;
    cli = kubectlFor(kubectl, plane);
    await plane.start('--runtime', 'fake', '--nodes', '3');
  });
  afterAll(() => plane?.close());

  /** The Nodes of the Pods of an app that run. */
  const placesOf = async (name: string) => {
    const path = '{range .items[?(@.status.phase=="Running")]}{.spec.nodeName}{"\\n"}{end}';
    return (await cli.k('get', 'pods', '-l', `app=${name}`, '-o', `jsonpath=${path}`))
      .trim()
      .split('\n')
      .sort();
  };
  const run = (name: string, places: string[]) =>
    until(`${name} on ${places}`, async () => `${await placesOf(name)}` === `${places}`);

  testWithKubectl('are filled by daemons and spread Deployments, and emptied by drain', async () => {
    const listed = (await cli.k('get', 'nodes', '-o', 'name')).trim().split('\n');
    expect(listed).toEqual(nodes.map((name) => `node/${name}`));
    await until('each to have its Lease', async () => {
      const leases = await cli.k('get', 'leases', '-n', 'kube-node-lease', '-o', 'name');
      return leases.trim().split('\n').length === 3;
    });
    await cli.apply([app('DaemonSet', 'agent', {})]);
    await cli.apply([app('Deployment', 'web', { replicas: 3 })]);
    await run('agent', nodes);
    await run('web', nodes);

    await cli.k('drain', 'shallop-2', '--ignore-daemonsets', '--timeout=90s');
    await until('three to run elsewhere', async () => {
      const places = await placesOf('web');
      return places.length === 3 && !places.includes('shallop-2');
    });
    expect(await cli.k('get', 'node', 'shallop-2')).toContain('Ready,SchedulingDisabled');
    await run('agent', nodes);

    await cli.k('uncordon', 'shallop-2');
    await cli.k('scale', 'deployment/web', '--replicas=6');
    await until(
      'two on each Node',
      async () => `${await placesOf('web')}` === `${[...nodes, ...nodes].sort()}`,
    );
  });

  testWithKubectl('go with their Pods when the next start has fewer', async () => {
    await plane.stop();
    await plane.start('--runtime', 'fake', '--nodes', '2');
    await until('the third to go', async () => !(await cli.k('get', 'nodes')).includes('shallop-3'));
    await run('agent', nodes.slice(0, 2));
    await until('six to run', async () => {
      const places = await placesOf('web');
      return places.length === 6 && !places.includes('shallop-3');
    });
  });
});
