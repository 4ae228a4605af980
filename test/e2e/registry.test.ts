import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openImages } from '../../src/local/drivers/images/index.ts';
import { findSupport } from '../../src/local/drivers/pods/native/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import {
  type DebianRegistry,
  noRegistry,
  owner,
  startDebianRegistry,
} from '../support/images/debianRegistry.ts';
import { imageOf, layerOf, programsLayer } from '../support/images/layers.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const trial = mkdtempSync(join(tmpdir(), 'shallop-try-'));
const noContainers = await findSupport(trial, process.env.PATH ?? '', process.getuid?.() === 0).then(
  () => undefined,
  (error: Error) => error.message,
);
rmSync(trial, { recursive: true, force: true });
const kubectl = packagedTool('kubectl', 'v35');

const dockerConfig = (host: string, password = owner.password) => {
  const auth = Buffer.from(`${owner.username}:${password}`).toString('base64');
  const text = JSON.stringify({ auths: { [host]: { auth } } });
  return { '.dockerconfigjson': Buffer.from(text).toString('base64') };
};

needs(noRegistry).describe("Debian's docker-registry on loopback", () => {
  let open: DebianRegistry;
  let guarded: DebianRegistry;
  let digest: string;
  let guardedDigest: string;

  beforeAll(async () => {
    [open, guarded] = await Promise.all([startDebianRegistry(), startDebianRegistry({ isPrivate: true })]);
    const said = { name: 'said', content: 'from the registry' };
    const layers = noContainers
      ? [await layerOf([said])]
      : [await programsLayer(['sh', 'cat', 'sleep'], [said])];
    const config = { Cmd: ['sh', '-c', 'cat /said; echo; exec sleep 600'], Env: ['PATH=/bin'] };
    const image = imageOf(layers, config, gzipSync);
    digest = await open.push('shop/app', 'v1', image);
    guardedDigest = await guarded.push('shop/app', 'v1', image);
  });
  afterAll(async () => {
    await open?.close();
    await guarded?.close();
  });

  test('an image is pulled by tag and by digest, with credentials where they are wanted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shallop-registry-images-'));
    try {
      const images = openImages({ folder, clock: systemClock });
      for (const name of [`${open.host}/shop/app:v1`, `${open.host}/shop/app@${digest}`]) {
        const { image } = await images.pull(name, []);
        expect(image.id).toBe(`${open.host}/shop/app@${digest}`);
        expect(readFileSync(join(image.root!, 'said'), 'utf8')).toBe('from the registry');
      }
      const secret = dockerConfig(guarded.host);
      for (const name of [`${guarded.host}/shop/app:v1`, `${guarded.host}/shop/app@${guardedDigest}`]) {
        await expect(images.pull(name, [])).rejects.toThrow(/401|authoriz/);
        await expect(images.pull(name, [dockerConfig(guarded.host, 'wrong')])).rejects.toThrow(
          /401|authoriz/,
        );
        await expect(images.pull(name, [secret])).resolves.toMatchObject({ bytes: expect.any(Number) });
      }
      await expect(images.pull(`${open.host}/shop/app:v9`, [])).rejects.toThrow(/not found/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  needs(noContainers || noTool(kubectl)).describe('Pods', () => {
    let plane: Plane;
    let cli: ReturnType<typeof kubectlFor>;
    const pod = (name: string, image: string, more: object = {}) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image }], ...more },
    });
    const withSecret = { imagePullSecrets: [{ name: 'registry' }] };

    beforeAll(async () => {
      plane = await openPlane('registry');
      cli = kubectlFor(kubectl!, plane);
      await plane.start('--runtime', 'native', '--stop-pods');
      const { username, password } = owner;
      const credentials = [`--docker-server=${guarded.host}`, `--docker-username=${username}`];
      await cli.k(
        'create',
        'secret',
        'docker-registry',
        'registry',
        ...credentials,
        `--docker-password=${password}`,
      );
    });
    afterAll(async () => {
      await plane?.stop();
      await plane?.close();
    });

    test('run images by tag and by digest, with and without credentials', async () => {
      await cli.apply([
        pod('by-tag', `${open.host}/shop/app:v1`),
        pod('by-digest', `${open.host}/shop/app@${digest}`),
        pod('with-secret', `${guarded.host}/shop/app@${guardedDigest}`, withSecret),
        pod('without', `${guarded.host}/shop/app:v1`),
      ]);
      const running = ['by-tag', 'by-digest', 'with-secret'];
      await cli.k('wait', '--for=condition=Ready', ...running.map((name) => `pod/${name}`), '--timeout=90s');
      for (const name of running)
        await until(`the log of ${name}`, async () => (await cli.k('logs', name)) === 'from the registry');
      const id = '.status.containerStatuses[0].imageID';
      expect(await cli.k('get', 'pod', 'by-tag', '-o', `jsonpath={${id}}`)).toBe(
        `${open.host}/shop/app@${digest}`,
      );
    });

    test("without credentials there is an Event in a kubelet's words, and nothing runs", async () => {
      const waiting = '.status.containerStatuses[0].state.waiting.reason';
      await until('it backs off', async () =>
        /ImagePullBackOff|ErrImagePull/.test(
          await cli.k('get', 'pod', 'without', '-o', `jsonpath={${waiting}}`),
        ),
      );
      const events = () =>
        cli.k(
          'get',
          'events',
          '--field-selector',
          'involvedObject.name=without',
          '-o',
          'jsonpath={.items[*].message}',
        );
      await until('the Event', async () =>
        (await events()).includes(`Failed to pull image "${guarded.host}/shop/app:v1"`),
      );
    });

    test('image prune --all removes the images of which no container is made', async () => {
      const layer = await programsLayer(['sleep']);
      await open.push(
        'shop/idle',
        'v1',
        imageOf([layer], { Cmd: ['sleep', '600'], Env: ['PATH=/bin'] }, gzipSync),
      );
      const idle = `${open.host}/shop/idle:v1`;
      await cli.apply([pod('idle', idle)]);
      await cli.k('wait', '--for=condition=Ready', 'pod/idle', '--timeout=60s');
      expect(await plane.shallop('image', 'prune', '--all')).not.toContain('removed');
      await cli.k('delete', 'pod', 'idle');
      await until('its containers are gone', async () =>
        (await plane.shallop('image', 'prune', '--all')).includes(`image ${idle} removed`),
      );
      const left = await plane.shallop('image', 'list');
      expect([left.includes('shop/app:v1'), left.includes('shop/idle')]).toEqual([true, false]);
    });
  });
});
