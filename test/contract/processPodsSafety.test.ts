import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inspectRun } from '../../src/local/drivers/pods/process/runFolder.ts';
import type { Container, HostPathType, Volume, VolumeMount } from '../../src/shared/kinds/schema/types.ts';
import { isWindows, needs, notLinux } from '../support/needs.ts';
import { type Bench, openBench, runsOf } from '../support/processPods.ts';
import { until } from '../support/until.ts';

/** What a Pod, its mounts and its volumes cannot do to anybody else. */
/** Seconds that only these tests sleep for, whatever runs beside them. */
const asleep = `53${process.pid}`;
const { describe: onUnix } = needs(isWindows);
const { test: onLinux } = needs(notLinux);

onUnix('a Pod harms nobody', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  const shell = (script: string, more: Partial<Container> = {}): Container => ({
    name: 'c',
    image: 'done',
    command: ['sh', '-c', script],
    ...more,
  });
  /** Runs a container to its end; answers how that was, and what it printed. */
  async function outcome(container: Container, volumes: Volume[] = []) {
    const ref = await bench.run({ restartPolicy: 'Never', containers: [container], volumes });
    const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
    const text = await bench.logs(ref);
    await bench.runtime.remove(ref);
    return { text, ...seen.containerStatuses[0]!.state!.terminated! };
  }
  /** Why a container is not started. */
  async function refusal(container: Container, volumes: Volume[] = []) {
    const ref = await bench.run({ containers: [container], volumes });
    const seen = await bench.until(ref, (p) =>
      /Error/.test(p.containerStatuses[0]?.state?.waiting?.reason ?? ''),
    );
    return seen.containerStatuses[0]!.state!.waiting!;
  }
  const hostFolder = (name: string, files: Record<string, string> = {}): string => {
    const path = join(bench.folder, name);
    mkdirSync(path, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
    return path;
  };

  describe('mounts', () => {
    onLinux('A1: a file mounted over a file of a volume hides it and leaves it as it was', async () => {
      const path = hostFolder('claim', { 'app.conf': 'of the volume' });
      bench.configMaps.cm = { metadata: {}, data: { 'app.conf': 'of the ConfigMap' } };
      const said = await outcome(
        shell('cd "$SHALLOP_ROOT/data" && cat app.conf && echo new > made', {
          volumeMounts: [
            { name: 'data', mountPath: '/data' },
            { name: 'cm', mountPath: '/data/app.conf', subPath: 'app.conf' },
          ],
        }),
        [
          { name: 'data', hostPath: { path } },
          { name: 'cm', configMap: { name: 'cm' } },
        ],
      );
      expect(said).toMatchObject({ text: 'of the ConfigMap', exitCode: 0 });
      expect(readFileSync(join(path, 'app.conf'), 'utf8')).toBe('of the volume');
      expect(readdirSync(path).sort()).toEqual(['app.conf', 'made']);
    });

    onLinux(
      'A1: an emptyDir over a folder with files hides them; commands beside it see the same',
      async () => {
        const path = hostFolder('claim');
        hostFolder('claim/cache', { old: 'kept' });
        const volumeMounts = [
          { name: 'data', mountPath: '/data' },
          { name: 'scratch', mountPath: '/data/cache' },
        ];
        const ref = await bench.run({
          containers: [
            shell('cd "$SHALLOP_ROOT/data/cache" && ls && echo 1 > fresh && sleep 1000', {
              volumeMounts,
              readinessProbe: { exec: { command: ['cat', 'cache/fresh'] }, periodSeconds: 0.05 },
              workingDir: '/data',
            }),
          ],
          volumes: [
            { name: 'data', hostPath: { path } },
            { name: 'scratch', emptyDir: {} },
          ],
        });
        await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
        expect(await bench.logs(ref)).toBe('');
        await bench.runtime.remove(ref);
        expect(readdirSync(join(path, 'cache'))).toEqual(['old']);
      },
    );

    onLinux('A1: volumes hold what they held, however they are nested', async () => {
      const names = fc.constantFrom('a', 'b', 'f');
      const mount = fc.record({
        name: fc.constantFrom('one', 'two', 'cm', 'scratch'),
        mountPath: fc.array(names, { minLength: 1, maxLength: 4 }).map((steps) => `/${steps.join('/')}`),
        subPath: fc.option(fc.array(names, { minLength: 1, maxLength: 2 }).map((steps) => steps.join('/'))),
      });
      const mounts = fc.uniqueArray(mount, { maxLength: 5, selector: ({ mountPath }) => mountPath });
      bench.configMaps.cm = { metadata: {}, data: { a: 'A', f: 'F' } };
      let round = 0;
      await fc.assert(
        fc.asyncProperty(mounts, async (wanted) => {
          const [one, two] = ['one', 'two'].map((name) => {
            const path = hostFolder(`${name}-${round}`, { f: `${name} f` });
            hostFolder(`${name}-${round}/a`, { f: 'deep', b: 'file' });
            return path;
          }) as [string, string];
          round++;
          const before = { ...contents(one), ...contents(two) };
          const ref = await bench.run({
            restartPolicy: 'Never',
            containers: [
              shell(':', {
                volumeMounts: wanted.map(({ subPath, ...more }) => ({
                  ...more,
                  ...(subPath && { subPath }),
                })),
              }),
            ],
            volumes: [
              { name: 'one', hostPath: { path: one } },
              { name: 'two', hostPath: { path: two } },
              { name: 'cm', configMap: { name: 'cm' } },
              { name: 'scratch', emptyDir: {} },
            ],
          });
          await bench.until(
            ref,
            ({ containerStatuses: [c] }) =>
              c?.state?.terminated || /Error/.test(c?.state?.waiting?.reason ?? ''),
          );
          await bench.runtime.remove(ref);
          expect({ ...contents(one), ...contents(two) }).toMatchObject(before);
          // What is new are places for mounts: folders, and files with nothing in them.
          for (const [file, text] of Object.entries({ ...contents(one), ...contents(two) }))
            if (!(file in before)) expect({ file, text }).toEqual({ file, text: '' });
        }),
        { numRuns: 30 },
      );
    });

    test("a mount at '/' is refused", async () =>
      expect(
        await refusal(shell(':', { volumeMounts: [{ name: 'v', mountPath: '/' }] }), [
          { name: 'v', emptyDir: {} },
        ]),
      ).toMatchObject({
        reason: 'CreateContainerError',
        message: "invalid mount: destination can't be '/'",
      }));

    test('a container that is refused again and again leaves nothing of what was tried, and is not created', async () => {
      const volumeMounts = [{ name: 'v', mountPath: '/' }];
      const ref = await bench.run({
        containers: [shell(':', { volumeMounts })],
        volumes: [{ name: 'v', emptyDir: {} }],
      });
      const told = (reason: string) => bench.events.filter((event) => event.reason === reason).length;
      await until('it was tried more than once', () => told('Failed') > 3);
      // One may be tried right now.
      await until('nothing is left', () => runsOf(bench, ref).length === 0);
      expect(told('Created')).toBe(0);
    });

    test('a container whose program is never there is backed off each time, and keeps its last runs only', async () => {
      const ref = await bench.run({ containers: [shell(':', { command: ['nosuch'] })] });
      await bench.until(
        ref,
        ({ containerStatuses: [c] }) =>
          c!.restartCount > 3 && c!.state?.waiting?.reason === 'CrashLoopBackOff',
      );
      expect(runsOf(bench, ref).length).toBeLessThanOrEqual(3);
    });

    const part = (mount: Partial<VolumeMount>, path = hostFolder('volume')): [Container, Volume[]] => [
      shell('pwd -P; ls', {
        volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }],
        workingDir: '/v',
        env: [
          { name: 'SOME', value: 'x/y' },
          { name: 'BACK', value: 'x/../..' },
          { name: 'ROOT', value: '/etc' },
          { name: 'NONE', value: '' },
        ],
      }),
      [{ name: 'v', hostPath: { path } }],
    ];

    test('B12: subPathExpr takes the variables of the container', async () =>
      expect((await outcome(...part({ subPathExpr: 'at/$(SOME)' }))).text).toMatch(/volume\/at\/x\/y\n$/));

    test.each([
      { subPathExpr: '$(BACK)', message: "unable to provision SubPath `x/../..`: must not contain '..'" },
      { subPathExpr: '$(ROOT)', message: 'error SubPath `/etc` must not be an absolute path' },
      { subPathExpr: '$(UNKNOWN)/$(NONE)', message: 'missing value for NONE, UNKNOWN' },
      { subPathExpr: '$(PATH)', message: 'missing value for PATH' },
    ])('B12: $subPathExpr is refused: $message', async ({ subPathExpr, message }) =>
      expect(await refusal(...part({ subPathExpr }))).toEqual({
        reason: 'CreateContainerConfigError',
        message,
      }),
    );

    test('B12: a link in a volume does not lead out of it', async () => {
      const path = hostFolder('volume');
      symlinkSync('/etc', join(path, 'out'));
      expect(await refusal(...part({ subPath: 'out/ssl' }, path))).toEqual({
        reason: 'CreateContainerConfigError',
        message: 'failed to prepare subPath for volumeMount "v" of container "c"',
      });
    });
  });

  describe('files that a Pod controls', () => {
    const left = 'f="$SHALLOP_ROOT/dev/termination-log"; rm -f "$f";';
    const said = async (script: string, more: Partial<Container> = {}) =>
      (await outcome(shell(`${left} ${script}; exit 3`, more))).message;

    test('A2: a pipe as the termination message holds nobody up', async () =>
      expect(await said('mkfifo "$f"')).toBeUndefined());
    test('A2: a folder, or a link to another file, is no termination message', async () => {
      expect(await said('mkdir "$f"')).toBeUndefined();
      expect(await said('ln -s /etc/passwd "$f"')).toBeUndefined();
      expect(await said('rm -r "$SHALLOP_ROOT/dev"; ln -s /etc "$SHALLOP_ROOT/dev"')).toBeUndefined();
      expect(
        await said('rm -r "$SHALLOP_ROOT/dev"; ln -s /etc "$SHALLOP_ROOT/dev"', {
          terminationMessagePath: '/dev/passwd',
        }),
      ).toBeUndefined();
    });
    test('A2: of a large message the last 4096 bytes are kept', async () => {
      const message = await said('truncate -s 400M "$f"; echo the end >> "$f"');
      expect(message).toHaveLength(4096);
      expect(message).toMatch(/\0the end\n$/);
    });
    test('A2: the containers of a Pod share 12 KiB', async () => {
      const containers = Array.from({ length: 6 }, (_, i) =>
        shell(`head -c 4096 /dev/zero | tr '\\0' x > "$SHALLOP_ROOT/dev/termination-log"`, { name: `c${i}` }),
      );
      const ref = await bench.run({ restartPolicy: 'Never', containers });
      const seen = await bench.until(ref, (p) => p.containerStatuses.every(({ state }) => state?.terminated));
      expect(seen.containerStatuses.map(({ state }) => state?.terminated?.message?.length)).toEqual(
        Array(6).fill(2048),
      );
    });
    test('A2: in place of a message come the last 80 lines of the log, of these 2048 bytes', async () => {
      const policy = { terminationMessagePolicy: 'FallbackToLogsOnError' } as const;
      const lines = await said('i=0; while [ $i -lt 100 ]; do echo $i; i=$((i+1)); done', policy);
      expect(lines?.split('\n')).toHaveLength(81);
      expect(await said('head -c 9000 /dev/zero | tr "\\0" x', policy)).toBe('x'.repeat(2048));
    });
    test.each([
      'mkfifo exit main2',
      'rm -f main; mkfifo main',
      'rm -f holder; mkfifo holder',
      'rm -f claim; mkfifo claim',
      'rm -rf io; mkfifo io',
    ])('A2: nobody waits for a pipe where a run is known by: %s', async (script) => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [shell(`cd "$SHALLOP_RUN"; ${script}; sleep 1000`)],
      });
      await bench.until(ref, () => existsSync(join(bench.folder, 'data/containers', ref.uid)));
      // Another control plane finds it so.
      await bench.restart();
      await bench.runtime.remove(ref);
      expect(await bench.runtime.list()).toEqual([]);
    });
    test('A2: a run that is known by a pipe before anybody has looked is lost, and nobody waits for it', () => {
      const folder = hostFolder('run');
      expect(inspectRun(folder, 5).kind).toBe('unclaimed');
      execFileSync('mkfifo', [join(folder, 'claim')]);
      expect(inspectRun(folder, 5)).toMatchObject({ kind: 'ended', lost: true, exitCode: 137 });
    });
    test.each<{ type: HostPathType; is: string }>([
      { type: 'FileOrCreate', is: 'a file' },
      { type: 'File', is: 'a file' },
      { type: 'Socket', is: 'a socket file' },
      { type: 'DirectoryOrCreate', is: 'a directory' },
      { type: 'CharDevice', is: 'a character device' },
      { type: 'BlockDevice', is: 'a block device' },
    ])('A2: hostPath $type on a pipe is refused at once', async ({ type, is }) => {
      const path = join(hostFolder('pipes'), 'pipe');
      execFileSync('mkfifo', [path]);
      await bench.run({ containers: [shell(':')], volumes: [{ name: 'v', hostPath: { path, type } }] });
      const failed = () => bench.events.find(({ reason }) => reason === 'FailedMount');
      await until('it is refused', failed);
      expect(failed()?.message).toBe(
        `MountVolume.SetUp failed for volume "v" : hostPath type check failed: ${path} is not ${is}`,
      );
    });
    onLinux(
      'A2: hostPath in a file system that takes no folder fails its Pod, and holds nobody up',
      async () => {
        const volumes: Volume[] = [{ name: 'v', hostPath: { path: '/proc/nope/below' } }];
        // More of them than Node has threads for files.
        for (let i = 0; i < 5; i++) await bench.run({ containers: [shell(':')], volumes });
        const failed = () => bench.events.filter(({ reason }) => reason === 'FailedMount');
        await until('each has failed', () => failed().length >= 5);
        for (const { message } of failed())
          expect(message).toMatch(/^MountVolume.SetUp failed for volume "v" : ENOENT: /);
        expect((await outcome(shell('echo fine'))).text).toBe('fine\n');
      },
    );
  });

  describe('output', () => {
    test('A3: a flood waits, its log stays bounded, and nobody waits for it', async () => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [shell('yes | head -c 6000000; echo over')],
      });
      let longest = 0;
      let before = performance.now();
      const beat = setInterval(() => {
        longest = Math.max(longest, performance.now() - before);
        before = performance.now();
      }, 5);
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      clearInterval(beat);
      const folder = join(bench.folder, 'data/containers', ref.uid, 'c');
      const bytes = readdirSync(folder)
        .filter((name) => name.startsWith('0.log'))
        .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
      expect(bytes).toBeGreaterThan(1e6);
      expect(bytes).toBeLessThan(5 * 13 * 1024 * 1024);
      expect(Number.isFinite(longest)).toBe(true);
      const last: Uint8Array[] = [];
      for await (const chunk of bench.runtime.logs(ref, 'c', { tailLines: 2 })) last.push(chunk);
      expect(Buffer.concat(last).toString()).toBe('y\nover\n');
    });

    test('B14: --tail=1 of a Pod that prints is one line, in 40 of 40 calls', async () => {
      const ref = await bench.run({ containers: [shell('while :; do echo line; done')] });
      const tail = async () => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of bench.runtime.logs(ref, 'c', { tailLines: 1 })) chunks.push(chunk);
        return Buffer.concat(chunks).toString();
      };
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      await until('it has printed', tail);
      const all = [];
      for (let i = 0; i < 40; i++) all.push(await tail());
      expect(new Set(all)).toEqual(new Set(['line\n']));
    });

    test('what was printed while no control plane ran is read by the next one, and no more than a pipe holds', async () => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [shell('echo one; sleep 0.2; yes | head -c 30000; exit 4')],
      });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      await bench.runtime.close();
      const exit = join(bench.folder, 'data/containers', ref.uid, 'c/0/exit');
      await until('it has ended', () => existsSync(exit));
      await bench.restart();
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(await bench.logs(ref)).toBe(`one\n${'y\n'.repeat(15_000)}`);
    });
  });

  test.each([
    { name: 'my.dotted', value: '1' },
    { name: 'data-1', value: 'two words' },
    { name: 's', value: 'short names are not the shell’s' },
    { name: 'PS4', value: '$(date)' },
  ])('B11: $name reaches the process', async ({ name, value }) => {
    const print = `console.log(process.env[${JSON.stringify(name)}])`;
    const env = [{ name, value: value.replace('$', '$$$$') }];
    expect(
      (await outcome({ name: 'c', image: 'done', command: [process.execPath, '-e', print], env })).text,
    ).toBe(`${value}\n`);
  });

  describe('people at a container', () => {
    /** Reads until it has seen what it waits for. */
    async function reads(output: AsyncIterable<Uint8Array>, wanted: string | RegExp): Promise<string> {
      let seen = '';
      for await (const chunk of output) {
        seen += Buffer.from(chunk).toString();
        if (seen.match(wanted)) return seen;
      }
      return seen;
    }
    const streams = { stdin: true, stdout: true, stderr: true };
    const reader = shell('while read -r line; do echo "got $line"; done; echo over', {
      stdin: true,
      stdinOnce: true,
    });

    test('B19: attach gives a program its input, and the end of it when the first has left', async () => {
      const ref = await bench.run({ restartPolicy: 'Never', containers: [reader] });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      const attached = await bench.runtime.attach!(ref, 'c', streams);
      attached.stdin!.write('one\n');
      expect(await reads(attached.stdout!, /one/)).toBe('got one\n');
      attached.close();
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(await bench.logs(ref)).toBe('got one\nover\n');
    });

    test('B19: input that is for all stays open between them, across control planes', async () => {
      const ref = await bench.run({ containers: [{ ...reader, stdinOnce: false }] });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      for (const word of ['one', 'two']) {
        const attached = await bench.runtime.attach!(ref, 'c', streams);
        attached.stdin!.write(`${word}\n`);
        expect(await reads(attached.stdout!, word)).toBe(`got ${word}\n`);
        attached.close();
        await bench.restart();
      }
    });

    test('a client ends with its input, where the program goes on reading that of others', async () => {
      const ref = await bench.run({ containers: [{ ...reader, stdinOnce: false }] });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      const attached = await bench.runtime.attach!(ref, 'c', streams);
      attached.stdin!.end('one\n');
      expect(await attached.exitCode).toBe(0);
      await until('it was read', async () => (await bench.logs(ref)) === 'got one\n');
      expect((await bench.runtime.observe(ref))?.containerStatuses[0]?.ready).toBe(true);
    });

    onLinux('B19: a shell on a terminal says its prompt and knows its size', async () => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [
          { name: 'c', image: 'done', command: ['sh', '-i'], stdin: true, stdinOnce: true, tty: true },
        ],
      });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      const attached = await bench.runtime.attach!(ref, 'c', { ...streams, stderr: false });
      attached.stdin!.write('echo "here $((6 * 7))"\n');
      await reads(attached.stdout!, /here 42/);
      const again = await bench.runtime.attach!(ref, 'c', { ...streams, stderr: false });
      again.resize!(91, 33);
      again.stdin!.write(
        'until [ "$(stty size)" = "33 91" ]; do sleep 0.02; done; echo "now $((33 + 91))"\n',
      );
      await reads(again.stdout!, /now 124/);
      again.stdin!.write('exit 5\n');
      const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(seen.containerStatuses[0]?.state?.terminated?.exitCode).toBe(5);
    });

    test('B19: an ephemeral container runs beside the others, once, and ends nothing', async () => {
      const main = shell('sleep 1000');
      const ref = await bench.run({ containers: [main] });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      const debug = { ...reader, name: 'debugger', targetContainerName: 'c' };
      await bench.run({ containers: [main], ephemeralContainers: [debug] }, ref.uid);
      const seen = await bench.until(ref, (p) => p.ephemeralContainerStatuses?.[0]?.state?.running);
      expect(seen.ephemeralContainerStatuses).toMatchObject([
        { name: 'debugger', ready: false, restartCount: 0 },
      ]);
      const attached = await bench.runtime.attach!(ref, 'debugger', streams);
      attached.stdin!.end('hello\n');
      expect(await reads(attached.stdout!, /over/)).toBe('got hello\nover\n');
      const after = await bench.until(ref, (p) => p.ephemeralContainerStatuses?.[0]?.state?.terminated);
      expect(after.containerStatuses[0]).toMatchObject({ ready: true, restartCount: 0 });
      expect(await bench.logs(ref, 'debugger')).toBe('got hello\nover\n');
    });
  });

  onLinux('C2: nobody is ready because another listens on all addresses', async () => {
    const { createServer } = await import('node:net');
    const sibling = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => sibling.listen(0, '0.0.0.0', resolve));
    const { port } = sibling.address() as { port: number };
    const probe = { tcpSocket: { port }, periodSeconds: 0.05, failureThreshold: 1 };
    const ref = await bench.run({ containers: [shell('sleep 1000', { readinessProbe: probe })] });
    const unhealthy = () => bench.events.find(({ reason }) => reason === 'Unhealthy');
    await bench.until(ref, unhealthy);
    const seen = await bench.runtime.observe(ref);
    expect(seen?.containerStatuses[0]?.ready).toBe(false);
    expect(unhealthy()?.message).toBe(
      `Readiness probe failed: dial tcp ${seen?.podIP}:${port}: connect: connection refused`,
    );
    await new Promise((resolve) => sibling.close(resolve));
    const listens = `require('net').createServer((s) => s.end()).listen(${port}, '0.0.0.0')`;
    const own = await bench.run({
      containers: [
        { name: 'c', image: 'done', command: [process.execPath, '-e', listens], readinessProbe: probe },
      ],
    });
    await bench.until(own, (p) => p.containerStatuses[0]?.ready);
  });

  onLinux.each([
    {
      how: 'a cleared environment in a session of its own',
      script: `env -i setsid sleep ${asleep} & sleep 1000`,
    },
    {
      how: 'no parent, stream or environment of the Pod',
      script: `(env -i setsid sh -c "sleep ${asleep} & exit" </dev/null >/dev/null 2>&1 &) ; sleep 1000`,
    },
  ])('A10: removed with its Pod: a process with $how', async ({ script }) => {
    const alive = () => {
      try {
        return execFileSync('pgrep', ['-f', `sleep ${asleep}`], { encoding: 'utf8' }).trim();
      } catch {
        return '';
      }
    };
    const ref = await bench.run({ containers: [shell(script)] });
    await until('it sleeps', alive);
    await bench.runtime.remove(ref);
    await until('it is gone', () => !alive());
  });
});

/** The files below a folder, by their paths. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(join(folder, '..'), file), readFileSync(file, 'utf8')]),
  );
}
