import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { type FakePlane, openFakePlane } from '../support/fakePlane.ts';
import { needs, noTool } from '../support/needs.ts';
import { until } from '../support/until.ts';

const versions: ToolVersion[] = ['v35', 'v32'];

const limits = `
apiVersion: v1
kind: LimitRange
metadata: {name: usual, namespace: team}
spec:
  limits:
  - type: Container
    default: {memory: 256Mi}
    defaultRequest: {memory: 128Mi}
    max: {memory: 1Gi}
`;

describe.each(versions)('quotas and limits with kubectl %s', (version) => {
  const kubectl = packagedTool('kubectl', version);
  const { test: testWithKubectl } = needs(noTool(kubectl));
  let plane: FakePlane | undefined;

  beforeAll(async () => {
    if (kubectl) plane = await openFakePlane('quota', kubectl);
  });
  afterAll(() => plane?.close());

  const k = (...args: string[]) => plane!.k('-n', 'team', ...args);
  const used = async (name: string) =>
    k('get', 'quota', name, '-o', 'jsonpath={.status.used}').then((text) => JSON.parse(text || '{}'));
  const isUsed = (name: string, amounts: object) =>
    until(`${name} to be used`, async () => {
      const now = await used(name);
      return Object.entries(amounts).every(([each, amount]) => now[each] === amount);
    });

  testWithKubectl('a namespace uses no more than it may, and gets back what it gives up', async () => {
    await k('create', 'namespace', 'team');
    const file = join(plane!.folder, 'limits.yaml');
    writeFileSync(file, limits);
    await k('apply', '-f', file);
    expect(await k('describe', 'limits', 'usual')).toMatch(
      /Container\s+memory\s+-\s+1Gi\s+128Mi\s+256Mi\s+-/,
    );
    await k('create', 'quota', 'q', '--hard=pods=2,requests.memory=256Mi,count/deployments.apps=1');
    await isUsed('q', { pods: '0', 'count/deployments.apps': '0' });

    for (const name of ['a', 'b']) await k('run', name, '--image=example.com/a:1');
    expect(await k('get', 'pod', 'a', '-o', 'jsonpath={.metadata.annotations}')).toContain(
      'LimitRanger plugin set: memory request for container a; memory limit for container a',
    );
    await expect(k('run', 'c', '--image=example.com/a:1')).rejects.toThrow(
      'exceeded quota: q, requested: pods=1,requests.memory=128Mi, used: pods=2,requests.memory=256Mi, limited: pods=2,requests.memory=256Mi',
    );
    expect(await k('describe', 'quota', 'q')).toMatch(/requests\.memory\s+256Mi\s+256Mi/);

    await k('delete', 'pod', 'a', '--now');
    await isUsed('q', { pods: '1', 'requests.memory': '128Mi' });
    await k('create', 'deployment', 'd', '--image=example.com/a:1', '--replicas=3');
    await isUsed('q', { pods: '2', 'count/deployments.apps': '1' });
    await until('a refusal in the ReplicaSet', async () =>
      (await k('get', 'rs', '-o', 'yaml')).includes('exceeded quota: q'),
    );
    await k('delete', 'quota', 'q');
    await until(
      'three Pods',
      async () => (await k('get', 'pods', '-l', 'app=d', '-o', 'name')).split('\n').length === 4,
    );
  });
});
