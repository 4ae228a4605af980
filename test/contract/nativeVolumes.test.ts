import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openImages } from '../../src/local/drivers/images/index.ts';
import { findSupport } from '../../src/local/drivers/pods/native/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { PodSpec } from '../../src/shared/kinds/schema/types.ts';
import type { PodRef } from '../../src/shared/ports/cloud.ts';
import { dockerArchive, imageOf, programsLayer } from '../support/images/layers.ts';
import { needs } from '../support/needs.ts';
import { type Bench, openBench } from '../support/processPods.ts';

/** What only root can give the volumes of containers: file systems of their own, and mounts that both sides see. */
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shallop-mounts-')));
const support =
  process.getuid?.() === 0
    ? await findSupport(join(folder, 'try'), process.env.PATH ?? '', true).catch(
        ({ message }: Error) => message,
      )
    : 'only root mounts file systems that others see';

needs(typeof support === 'string' && support).describe('volumes of containers of root', () => {
  if (typeof support === 'string') return;
  const images = openImages({ folder: join(folder, 'images'), clock: systemClock });
  const shared = join(folder, 'shared');
  let bench: Bench;
  beforeAll(async () => {
    const layer = await programsLayer([
      'sh',
      'cat',
      'ls',
      'sleep',
      'df',
      'head',
      'mkdir',
      'mount',
      'umount',
      'tail',
      'stat',
    ]);
    const image = imageOf([layer], { Env: ['PATH=/bin'] });
    await images.load(Readable.from([await dockerArchive(image, 'tools:v1')]));
    mkdirSync(shared);
    execFileSync('mount', ['-n', '-t', 'tmpfs', 'tmpfs', shared]);
    execFileSync('mount', ['-n', '--make-shared', shared]);
  });
  beforeEach(async () => {
    bench = await openBench({ images, support });
  });
  afterEach(() => bench.close());
  afterAll(() => {
    execFileSync('umount', ['-n', '-R', '-l', shared]);
    rmSync(folder, { recursive: true, force: true });
  });

  const mountsBelow = (place: string) =>
    readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .filter((each) => each.startsWith(place));
  const started = (script: string, spec: Partial<PodSpec>, container: object = {}): Promise<PodRef> =>
    startedOn(bench, script, spec, container);
  const startedOn = async (
    place: Bench,
    script: string,
    spec: Partial<PodSpec>,
    container: object,
  ): Promise<PodRef> => {
    const ref = await place.run({
      containers: [
        { name: 'c', image: 'tools:v1', command: ['sh', '-c', `${script}; exec sleep 600`], ...container },
      ],
      ...spec,
    });
    await place.until(ref, ({ containerStatuses }) => containerStatuses[0]?.state?.running);
    return ref;
  };
  const run = async (ref: PodRef, script: string) => {
    const options = { tty: false, stdin: false, stdout: true, stderr: false };
    const process = await bench.runtime.exec!(ref, 'c', { command: ['sh', '-c', script], ...options });
    let text = '';
    for await (const chunk of process.stdout!) text += Buffer.from(chunk).toString();
    await process.exitCode;
    return text;
  };

  test('an emptyDir in memory holds as much as it may, and leaves nothing mounted', async () => {
    const volumes = [{ name: 'v', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } }];
    const volumeMounts = [{ name: 'v', mountPath: '/v' }];
    const ref = await started(':', { volumes }, { volumeMounts });
    const [, name = 'none'] = /^(\S+) +4096 /.exec(await run(ref, 'df -k /v | tail -n 1')) ?? [];
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toContain(` ${name} `);
    expect(await run(ref, 'stat -c %a /v')).toBe('1777\n');
    const written = await run(ref, 'head -c 5000000 /dev/zero >/v/f || echo full; ls -l /v/f');
    expect(written).toMatch(/^full\n.* 4194304 /);
    await bench.restart();
    expect(await run(ref, 'ls /v')).toBe('f\n');
    await bench.runtime.remove(ref);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(` ${name} `);
  });

  test('what a container mounts is seen here and in others as they ask, and what is mounted here likewise', async () => {
    const volumes = [{ name: 'v', hostPath: { path: shared } }];
    const pod = (mountPropagation?: string) =>
      started(
        ':',
        { volumes },
        {
          securityContext: { privileged: true },
          volumeMounts: [{ name: 'v', mountPath: '/v', ...(mountPropagation && { mountPropagation }) }],
        },
      );
    for (const name of ['own', 'both', 'slave', 'none']) mkdirSync(join(shared, name));
    const both = await pod('Bidirectional');
    const slave = await pod('HostToContainer');
    const none = await pod();
    const mounted = Object.entries({ both, slave, none });
    for (const [name, ref] of mounted)
      await run(ref, `mount -t tmpfs tmpfs /v/${name} && echo ${name} >/v/${name}/file`);
    execFileSync('mount', ['-n', '-t', 'tmpfs', 'tmpfs', join(shared, 'own')]);
    writeFileSync(join(shared, 'own/file'), 'own\n');
    const seen = await Promise.all(
      mounted.map(async ([name, ref]) => [name, await run(ref, 'cat /v/*/file')]),
    );
    expect(Object.fromEntries(seen)).toEqual({
      both: 'both\nown\n',
      slave: 'both\nown\nslave\n',
      none: 'none\n',
    });
    expect(mountsBelow(`${shared}/`).sort()).toEqual([join(shared, 'both'), join(shared, 'own')]);
    // The root of the machine is as it was, whatever the container's root was made of.
    expect(existsSync('/proc/self/fd')).toBe(true);
    expect(mountsBelow('/proc/fs/')).toEqual([]);
  });

  test('what is mounted below a volume that both see stays mounted, here and in the container', async () => {
    const source = join(shared, 'source');
    const below = [join(source, 'below'), join(source, 'below/deeper')];
    for (const each of below) {
      mkdirSync(each, { recursive: true });
      execFileSync('mount', ['-n', '-t', 'tmpfs', 'tmpfs', each]);
      writeFileSync(join(each, 'file'), 'kept\n');
    }
    const ref = await started(
      ':',
      { volumes: [{ name: 'v', hostPath: { path: source } }] },
      {
        securityContext: { privileged: true },
        volumeMounts: [{ name: 'v', mountPath: '/v', mountPropagation: 'Bidirectional' }],
      },
    );
    expect(mountsBelow(`${source}/`)).toEqual(below);
    expect(await run(ref, 'cat /v/below/file /v/below/deeper/file')).toBe('kept\nkept\n');
    await run(ref, 'umount /v/below/deeper');
    expect(mountsBelow(`${source}/`)).toEqual(below.slice(0, 1));
    await bench.runtime.remove(ref);
    expect(mountsBelow(`${source}/`)).toEqual(below.slice(0, 1));
  });

  test('nothing is seen here of a container whose volume stands on a mount that is not shared', async () => {
    const own = join(folder, 'private');
    mkdirSync(own, { recursive: true });
    execFileSync('mount', ['-n', '-t', 'tmpfs', 'tmpfs', own]);
    execFileSync('mount', ['-n', '--make-private', own]);
    const ref = await bench.run({
      volumes: [{ name: 'v', hostPath: { path: own } }],
      containers: [
        {
          ...{
            name: 'c',
            image: 'tools:v1',
            command: ['sleep', '600'],
            securityContext: { privileged: true },
          },
          volumeMounts: [{ name: 'v', mountPath: '/v', mountPropagation: 'Bidirectional' }],
        },
      ],
    });
    const seen = await bench.until(
      ref,
      ({ containerStatuses }) => containerStatuses[0]?.state?.waiting?.message,
    );
    expect(seen.containerStatuses[0]?.state?.waiting).toEqual({
      reason: 'CreateContainerError',
      message: `path "${own}" is mounted on "${own}" but it is not a shared mount`,
    });
    execFileSync('umount', ['-n', own]);
  });

  test('what a container writes beside its volumes, and prints, counts for its limit of the disk, and not its image', async () => {
    const copying = await openBench({ images, support: { ...support, layering: 'copy' } });
    try {
      const script = 'head -c 300000 /dev/zero >/f; head -c 300000 /dev/zero';
      const resources = { limits: { 'ephemeral-storage': '400Ki' } };
      // Looked at before the others, as it is older.
      const quiet = await startedOn(copying, ':', {}, { resources });
      const full = [bench, copying].map(async (each) => {
        const { reason, message } = await each.until(
          await startedOn(each, script, {}, { resources }),
          (seen) => seen.reason,
        );
        return [reason, message];
      });
      const evicted = [
        'Evicted',
        'Pod ephemeral local storage usage exceeds the total limit of containers 400Ki. ',
      ];
      expect(await Promise.all(full)).toEqual([evicted, evicted]);
      expect((await copying.runtime.observe(quiet))?.reason).toBeUndefined();
    } finally {
      await copying.close();
    }
  });

  test("a local volume is not taken from a Pod that runs on, and is the next one's when that has ended", async () => {
    const local = join(folder, 'local');
    mkdirSync(local);
    writeFileSync(join(local, 'file'), '');
    const groups = () => ['.', 'file'].map((name) => statSync(join(local, name)).gid);
    bench.sources.volume = async () => ({ metadata: { name: 'pv' }, spec: { local: { path: local } } });
    const pod = (script: string, fsGroup?: number) =>
      started(
        script,
        {
          restartPolicy: 'Never',
          volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
          ...(fsGroup !== undefined && { securityContext: { fsGroup } }),
        },
        { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      );
    const runsOn = await pod('until [ -e /v/end ]; do sleep 0.05; done; exit 0');
    await bench.restart();
    // Before anybody has asked for the other one.
    const second = await pod(':', 88);
    expect(groups()).toEqual([0, 0]);
    await bench.runtime.remove(second);
    await bench.ensureAgain(runsOn);
    writeFileSync(join(local, 'end'), '');
    await bench.until(runsOn, ({ containerStatuses }) => containerStatuses[0]?.state?.terminated);
    const next = await pod(':', 88);
    expect(groups()).toEqual([88, 88]);
    await bench.runtime.remove(next);
  });

  test('what a container has mounted in its emptyDir is not removed with it', async () => {
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    writeFileSync(join(kept, 'file'), '');
    const ref = await started(':', { volumes: [{ name: 'v', emptyDir: {} }] });
    const volume = join(bench.folder, 'data/pods', ref.uid, 'volumes/v/in');
    mkdirSync(volume);
    execFileSync('mount', ['-n', '--bind', kept, volume]);
    await bench.runtime.remove(ref);
    expect(existsSync(join(kept, 'file'))).toBe(true);
    expect(mountsBelow(volume)).toEqual([]);
  });
});
