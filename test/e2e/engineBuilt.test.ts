import { chownSync, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Owner, startControlPlaneOf } from '../../examples/demo/server.ts';
import { tellStory } from '../../examples/demo/story.ts';
import { carryOut } from '../../src/local/drivers/pods/engine/progress.ts';
import { findSupport } from '../../src/local/drivers/pods/native/index.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { engineOrObstacle, loadImages } from '../support/enginePods.ts';
import { layerOf } from '../support/images/layers.ts';
import { noPython, pythonLayer } from '../support/images/pythonBase.ts';
import { needs, noTool } from '../support/needs.ts';

/**
 * The overview's story with images as people have them: built of examples/my-python-app/Dockerfile by an engine, saved, and loaded
 * into a control plane that has none.
 */
const engine = await engineOrObstacle();
const kubectl = packagedTool('kubectl', 'v35');
const isRoot = process.getuid?.() === 0;
const trial = mkdtempSync(join(tmpdir(), 'shallop-try-'));
const noContainers = await findSupport(trial, process.env.PATH ?? '', isRoot).then(
  () => undefined,
  (error: Error) => error.message,
);
rmSync(trial, { recursive: true, force: true });
const example = 'examples/my-python-app';
const nobody = { uid: 65534, gid: 65534 };

if (typeof engine === 'string')
  needs(engine).test('images that an engine built, in Pods without one', () => {});
else
  needs(noContainers || noPython || noTool(kubectl)).describe(`images that ${engine.kind} built`, () => {
    let files: string;
    const archives = new Map<string, string>();

    beforeAll(async () => {
      files = mkdtempSync(join(tmpdir(), 'shallop-built-'));
      const base = [['docker.io/library/python:3.13-slim', { Env: ['PATH=/bin'] }]] as [string, object][];
      await loadImages(engine.client, await pythonLayer(), base);
      const context = await layerOf(
        ['Dockerfile', 'app.py'].map((name) => ({ name, content: readFileSync(join(example, name)) })),
      );
      for (const [tag, version] of [
        ['latest', 'v1'],
        ['v2', 'v2'],
      ] as const) {
        const name = `docker.io/library/my-python-app:${tag}`;
        const buildargs = JSON.stringify({ APP_VERSION: version });
        // Podman 4.3 takes the first build's steps again, whatever the arguments.
        await carryOut(engine.client, '/build', {
          query: { t: name, buildargs, nocache: true },
          archive: context,
        });
        const file = join(files, `${tag}.tar`);
        const saved = await engine.client.stream('GET', '/images/get', { query: { names: name } });
        await pipeline(saved, createWriteStream(file));
        archives.set(tag, file);
      }
    }, 600_000);
    afterAll(() => rmSync(files, { recursive: true, force: true }));

    const env = { ...process.env };
    delete env.DOCKER_HOST;
    const users: [string, Owner][] = [
      ['root', { env }],
      ['an ordinary user', { ...nobody, env: { ...env, HOME: '/nonexistent' } }],
    ];
    test.each(isRoot ? users : users.slice(0, 1))(
      'the story of the overview without an engine, as %s: no request fails, and nothing is left',
      async (_, owner) => {
        const folder = mkdtempSync(join(tmpdir(), 'shallop-story-'));
        if (owner.uid)
          for (const each of [folder, files, ...archives.values()]) chownSync(each, owner.uid, owner.gid!);
        const flags = ['--runtime', 'native', '--stop-pods', '--pod-network', 'auto'];
        const plane = await startControlPlaneOf(owner, folder, ...flags);
        try {
          for (const archive of archives.values())
            expect(await plane.shallop('image', 'load', archive)).toContain('my-python-app');
          const { tally, left, steps } = await tellStory(plane, kubectl!, undefined, { hasImages: true });
          expect(tally.failures).toEqual([]);
          expect(tally.byVersion).toMatchObject({ v1: expect.any(Number), v2: expect.any(Number) });
          expect(left).toMatch(/^No resources found/);
          // What Python itself prints, in a container of the image.
          const logs = steps.find(({ command }) => command.startsWith('kubectl logs'));
          expect(logs?.output).toContain('GET /');
        } finally {
          await plane.stop();
          rmSync(folder, { recursive: true, force: true });
        }
      },
      480_000,
    );
  });
