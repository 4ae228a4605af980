import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openImages } from '../../src/local/drivers/images/index.ts';
import type { LocalNetwork } from '../../src/local/drivers/network/index.ts';
import { openUserns } from '../../src/local/drivers/network/pods/userns/userns.ts';
import { findSupport, type Support } from '../../src/local/drivers/pods/native/index.ts';
import { placeAt } from '../../src/local/drivers/sockets.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type {
  Container,
  ContainerState,
  ContainerStatus,
  PodSpec,
  Volume,
} from '../../src/shared/kinds/schema/types.ts';
import { dockerArchive, imageOf, programsLayer } from '../support/images/layers.ts';
import { needs } from '../support/needs.ts';
import { type Bench, openBench, runsOf } from '../support/processPods.ts';
import { until } from '../support/until.ts';

/** What containers with a root file system of their own give beside the contract of every runtime. */
const folder = mkdtempSync(join(tmpdir(), 'shallop-native-'));
const isRoot = process.getuid?.() === 0;
const support = await findSupport(join(folder, 'try'), process.env.PATH ?? '', isRoot).catch(
  (error: Error) => error.message,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** Seconds that only these tests sleep for, whatever runs beside them. */
const asleep = `54${process.pid}`;
const title = 'Pods in root file systems of their own';

/** What an ordinary user has: root makes user namespaces as they do, and has no more rights in them. */
const ofUser = await findSupport(join(folder, 'try'), process.env.PATH ?? '', false).catch(
  (error: Error) => error.message,
);
const network =
  typeof ofUser === 'string'
    ? ofUser
    : await openUserns(join(folder, 'network'), { user: ofUser.user ?? 'one', clock: systemClock }).catch(
        (error: Error) => error.message,
      );
const relayFile = join(import.meta.dirname, '../../src/local/drivers/network/pods/relay/relayProcess.ts');
const inNetwork = `${title}, in a network of an ordinary user`;

contract(title, support, { isRoot });
if (typeof network === 'string') needs(network).test(inNetwork, () => {});
else contract(inNetwork, ofUser, { isRoot: false, network });

function contract(
  title: string,
  support: Support | string,
  { isRoot, network }: { isRoot: boolean; network?: LocalNetwork },
): void {
  if (typeof support === 'string') {
    needs(support).test(title, () => {});
    return;
  }
  describe(title, () => {
    const images = openImages({ folder: join(folder, 'images'), clock: systemClock });
    let bench: Bench;
    beforeAll(async () => {
      const programs = [
        'sh',
        'cat',
        'id',
        'ls',
        'sleep',
        'grep',
        'stat',
        'touch',
        'hostname',
        'env',
        'mount',
        'umount',
        'nsenter',
        'setsid',
        'ps',
        'tail',
        'head',
        'tty',
      ];
      const layer = await programsLayer(programs, [
        { name: 'var/run', type: 'symlink', linkname: '/run' },
        { name: 'etc/shipped', content: 'shipped' },
      ]);
      const config = {
        Cmd: ['sh', '-c', 'echo from the image'],
        Env: ['PATH=/bin', 'A=image'],
        WorkingDir: '/work',
      };
      await images.load(Readable.from([await dockerArchive(imageOf([layer], config), 'tools:v1')]));
      const other = imageOf([layer], { ...config, User: 'app', StopSignal: 'SIGUSR1' });
      await images.load(Readable.from([await dockerArchive(other, 'tools:app')]));
    });
    beforeEach(async () => {
      const own = network && {
        network: network.pods,
        reached: (host: string, port: number) => placeAt(network.socketsAt, host, port),
      };
      bench = await openBench({ images, support }, undefined, own);
    });
    afterEach(() => bench.close());
    afterAll(() => network?.close());

    const container = (script: string, more: Partial<Container> = {}): Container => ({
      name: 'c',
      image: 'tools:v1',
      command: ['sh', '-c', script],
      ...more,
    });
    async function output(
      script: string,
      more: Partial<Container> = {},
      spec: Partial<PodSpec> = {},
    ): Promise<string> {
      const ref = await bench.run({ restartPolicy: 'Never', containers: [container(script, more)], ...spec });
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      return bench.logs(ref);
    }
    const server = `trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done`;
    const run = async (ref: Parameters<Bench['logs']>[0], command: string[], of = 'c') => {
      const process = await bench.runtime.exec!(ref, of, {
        command,
        tty: false,
        stdin: false,
        stdout: true,
        stderr: true,
      });
      let text = '';
      for await (const chunk of process.stdout!) text += Buffer.from(chunk).toString();
      return { text, exitCode: await process.exitCode };
    };

    test('what they use is counted, with limits and without', async () => {
      const limits = { cpu: '1', memory: '64Mi' };
      const ref = await bench.run({
        containers: [
          container('while :; do :; done', { resources: { limits } }),
          container('sleep 600', { name: 'd' }),
        ],
      });
      await bench.until(ref, ({ containerStatuses }) => containerStatuses.every(({ ready }) => ready));
      const look = () => bench.runtime.statistics.pod(ref, { metadata: { name: ref.name } });
      const [first] = await look();
      let now = await look();
      await until('the busy one has used more than before, and than the idle one', async () => {
        now = await look();
        return now[0]!.cpuNanoseconds > Math.max(first!.cpuNanoseconds, now[1]!.cpuNanoseconds);
      });
      expect(now.map(({ name }) => name)).toEqual(['c', 'd']);
      for (const { memoryBytes } of now) {
        expect(memoryBytes).toBeGreaterThan(0);
        expect(memoryBytes).toBeLessThanOrEqual(64 * 2 ** 20);
      }
    });

    test('the image says what runs, where, and with which environment', async () => {
      const ref = await bench.run({ restartPolicy: 'Never', containers: [{ name: 'c', image: 'tools:v1' }] });
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(await bench.logs(ref)).toBe('from the image\n');
      expect(await output('echo $$$$ $(pwd) $A "$B"', { env: [{ name: 'B', value: '$(A)' }] })).toBe(
        '1 /work image $(A)\n',
      );
    });

    test('its terminal has a name', async () => {
      expect(await output('tty; test -c "$(tty)" && stat -c %F /dev/console', { tty: true })).toBe(
        '/dev/console\r\ncharacter special file\r\n',
      );
    });

    test('B11: a variable may have a name that no shell takes', async () => {
      const env = [{ name: 'my.dotted', value: 'a b' }];
      expect(await output('', { command: ['env'], env })).toContain('my.dotted=a b\n');
    });

    test('it sees its own files, processes and name, and nothing of this machine', async () => {
      writeFileSync(join(folder, 'secret'), '');
      const text = await output(
        `ls /; ls ${folder} 2>&1; ps ax | grep -c -v PID; cat /etc/hostname; hostname; tail -n 1 /etc/hosts; mount | grep -c 'on / '`,
      );
      expect(text).toContain('No such file or directory');
      expect(text).not.toContain('home');
      expect(text.split('\n').slice(-5)).toEqual([
        'pod-uid-0',
        'pod-uid-0',
        expect.stringMatching(/^(127|10)\..*\tpod-uid-0$/),
        '1',
        '',
      ]);
    });

    test('C4: the account stands where every client looks for it', async () => {
      const at = '/var/run/secrets/kubernetes.io/serviceaccount';
      const projected = {
        sources: [{ serviceAccountToken: { path: 'token' } }, { configMap: { name: 'kube-root-ca.crt' } }],
      };
      const volumes: Volume[] = [{ name: 'api', projected }];
      const volumeMounts = [{ name: 'api', mountPath: at, readOnly: true }];
      const text = await output(
        `cat ${at}/token ${at}/ca.crt; touch ${at}/x 2>&1`,
        { volumeMounts },
        { volumes },
      );
      expect(text).toContain('token of defaultPEM');
      expect(text).toContain('Read-only file system');
    });

    test('A1: mounts over mounts hide files and destroy none', async () => {
      bench.configMaps.cm = { metadata: {}, data: { 'app.conf': 'from the map' } };
      const claim = join(bench.folder, 'claim');
      mkdirSync(join(claim, 'full'), { recursive: true });
      writeFileSync(join(claim, 'app.conf'), 'own');
      writeFileSync(join(claim, 'full/kept'), '');
      const volumes: Volume[] = [
        { name: 'data', hostPath: { path: claim } },
        { name: 'conf', configMap: { name: 'cm' } },
        { name: 'scratch', emptyDir: {} },
      ];
      const volumeMounts = [
        { name: 'scratch', mountPath: '/data/full' },
        { name: 'conf', mountPath: '/data/app.conf', subPath: 'app.conf' },
        { name: 'data', mountPath: '/data' },
      ];
      const text = await output(
        'cat /data/app.conf; ls /data/full; echo x > /data/new',
        { volumeMounts },
        { volumes },
      );
      expect(text).toBe('from the map');
      expect(readFileSync(join(claim, 'app.conf'), 'utf8')).toBe('own');
      expect(readdirSync(join(claim, 'full'))).toEqual(['kept']);
      expect(readFileSync(join(claim, 'new'), 'utf8')).toBe('x\n');
    });

    test('what it writes is gone with it, and the image stays as it was', async () => {
      expect(await output('echo changed > /etc/shipped; cat /etc/shipped')).toBe('changed\n');
      expect(await output('cat /etc/shipped')).toBe('shipped');
    });

    test('a read-only root, volumes apart', async () => {
      const text = await output(
        'touch /x 2>&1; touch /v/x && echo written',
        { securityContext: { readOnlyRootFilesystem: true }, volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        { volumes: [{ name: 'v', emptyDir: {} }] },
      );
      expect(text).toMatch(/Read-only file system[\s\S]*written/);
    });

    test('capabilities are the usual ones, or those that are asked for, and no more privileges can be had', async () => {
      const status = "grep -E '^(CapEff|NoNewPrivs)' /proc/self/status";
      expect(await output(status)).toBe('CapEff:\t00000000a80425fb\nNoNewPrivs:\t0\n');
      const securityContext = {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
      };
      expect(await output(status, { securityContext })).toBe('CapEff:\t0000000000041000\nNoNewPrivs:\t1\n');
    });

    test('the kernel ends it for want of memory as its Pod has asked', async () => {
      const score = 'cat /proc/self/oom_score_adj';
      const all = { cpu: '100m', memory: '64Mi' };
      expect(await output(score)).toBe('1000\n');
      expect(await output(score, { resources: { requests: { cpu: '100m' } } })).toBe('999\n');
      const guaranteed = await output(score, { resources: { requests: all, limits: all } });
      // Below its own only who has the capability sys_resource on this machine may set it.
      const lowered = isRoot
        ? spawnSync('sh', ['-c', `echo -997 >/proc/self/oom_score_adj; ${score}`])
        : undefined;
      const own = readFileSync('/proc/self/oom_score_adj', 'utf8');
      expect(guaranteed).toBe(lowered?.stdout.toString() ?? own);
    });

    test('the kernel ends commands beside it for want of memory as it ends its program', async () => {
      const ref = await bench.run({ containers: [container(server)] });
      await bench.until(ref, ({ containerStatuses }) => containerStatuses[0]?.ready);
      const { text } = await run(ref, ['cat', '/proc/self/oom_score_adj']);
      expect(text).toBe('1000\n');
    });

    test('what the kernel shows of the machine is hidden or read-only', async () => {
      const text = await output(
        `exec 2>/dev/null; cat /proc/timer_list | grep -c .; sh -c ': > /proc/sys/kernel/panic' || echo no; touch /sys/x || echo no; ls /sys/firmware`,
      );
      expect(text).toBe('0\nno\nno\n');
    });

    const asRoot = needs(support.user === 'one' && 'one user only, without the package uidmap').test;
    asRoot('users and groups are those of the Pod, the container, or the image', async () => {
      expect(await output('id', { image: 'tools:app' })).toBe(
        'uid=1000(app) gid=1000(app) groups=1000(app),3333(extra)\n',
      );
      const spec = {
        securityContext: { runAsUser: 1234, runAsGroup: 2345, fsGroup: 70, supplementalGroups: [71] },
      };
      const volumes: Volume[] = [{ name: 'v', emptyDir: {} }];
      const volumeMounts = [{ name: 'v', mountPath: '/v' }];
      const script = "id; touch /v/x; stat -c '%g %a' /v /v/x; grep CapEff /proc/self/status";
      expect(await output(script, { volumeMounts }, { ...spec, volumes })).toBe(
        'uid=1234 gid=2345 groups=2345,70,71\n70 2777\n70 644\nCapEff:\t0000000000000000\n',
      );
    });

    test('its status says who it runs as', async () => {
      const securityContext = { runAsUser: 1234, runAsGroup: 2345, supplementalGroups: [71] };
      const ref = await bench.run({ securityContext, containers: [container(server)] });
      const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.running);
      expect(seen.containerStatuses[0]?.user).toEqual({
        linux: { uid: 1234, gid: 2345, supplementalGroups: [2345, 71] },
      });
    });

    test('runAsNonRoot holds back an image that would run as root', async () => {
      const ref = await bench.run({
        containers: [container('id', { securityContext: { runAsNonRoot: true } })],
      });
      const seen = await bench.until(
        ref,
        (p) => p.containerStatuses[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
      );
      expect(seen.containerStatuses[0]?.state?.waiting?.message).toMatch(
        /^container has runAsNonRoot and image will run as root/,
      );
    });

    test('a container that asks for a profile of its node leaves nothing of what was tried', async () => {
      const seccompProfile = { type: 'Localhost', localhostProfile: 'x.json' } as const;
      const ref = await bench.run({
        containers: [container('true', { securityContext: { seccompProfile } })],
      });
      const told = (reason: string) => bench.events.filter((event) => event.reason === reason).length;
      await until('it was tried more than once', () => told('Failed') > 3);
      // One may be tried right now.
      await until('nothing is left', () => runsOf(bench, ref).length === 0);
      expect(told('Created')).toBe(0);
    });

    test('a program, an image and a name that are not there are told in the words of kubelet', async () => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [
          container('', { command: ['nosuch'] }),
          { name: 'd', image: 'absent:v1', imagePullPolicy: 'Never' },
          { name: 'e', image: 'In Valid' },
        ],
      });
      const seen = await bench.until(
        ref,
        (p) => p.containerStatuses[0]?.state?.terminated && p.containerStatuses[2]?.state?.waiting?.message,
      );
      const [c, d, e] = seen.containerStatuses.map(({ state }) => state);
      expect(c?.terminated).toMatchObject({
        exitCode: 128,
        reason: 'StartError',
        message: 'exec: "nosuch": executable file not found in $PATH',
      });
      expect(d?.waiting).toEqual({
        reason: 'ErrImageNeverPull',
        message: 'Container image "absent:v1" is not present with pull policy of Never',
      });
      expect(e?.waiting?.reason).toBe('InvalidImageName');
    });

    test('commands beside it see what it sees, with its rights', async () => {
      const securityContext = { capabilities: { drop: ['ALL'] } };
      const ref = await bench.run({
        containers: [container(`echo here > /tmp/f; ${server}`, { securityContext })],
      });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      await expect(
        run(ref, [
          'sh',
          '-c',
          "cat /tmp/f; hostname; grep CapPrm /proc/self/status; mount | grep -c 'on / '",
        ]),
      ).resolves.toEqual({
        text: `here\n${ref.name}\nCapPrm:\t0000000000040000\n1\n`,
        exitCode: 0,
      });
      await expect(run(ref, ['sh', '-c', 'exit 7'])).resolves.toMatchObject({ exitCode: 7 });
      await expect(run(ref, ['nosuch'])).rejects.toThrow(
        'exec: "nosuch": executable file not found in $PATH',
      );
    });

    test('the termination message is the last of what was written, from wherever', async () => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [
          container('rm -f /tmp/end 2>/dev/null; echo last words > /tmp/end; exit 3', {
            terminationMessagePath: '/tmp/end',
          }),
        ],
      });
      const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(seen.containerStatuses[0]?.state?.terminated).toMatchObject({
        exitCode: 3,
        message: 'last words\n',
      });
    });

    needs(!isRoot && 'root only: control groups of its own').test(
      'a container sees its control groups, and its limits follow a resize',
      async () => {
        const spec = (limits: Record<string, string>) => ({
          containers: [container(server, { resources: { limits, requests: limits } })],
        });
        const ref = await bench.run(spec({ cpu: '500m', memory: '64Mi' }));
        await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
        const read = async (first: string, second: string) => {
          const at = (file: string) => `cat /sys/fs/cgroup/${file} 2>/dev/null`;
          return (await run(ref, ['sh', '-c', `${at(first)} || ${at(second)}`])).text.trim();
        };
        const memory = () => read('memory/memory.limit_in_bytes', 'memory.max');
        const cpu = () => read('cpu/cpu.cfs_quota_us', 'cpu.max');
        expect(await memory()).toBe(String(64 * 2 ** 20));
        expect(await cpu()).toMatch(/^50000( 100000)?$/);
        await bench.run(spec({ cpu: '1', memory: '128Mi' }), ref.uid);
        await bench.until(ref, ({ containerStatuses: [c] }) => c?.resources?.limits?.memory === '128Mi');
        expect(await memory()).toBe(String(128 * 2 ** 20));
        expect(await cpu()).toMatch(/^100000( 100000)?$/);
        const { text } = await run(ref, [
          'sh',
          '-c',
          '(echo 1 >/sys/fs/cgroup/x) 2>/dev/null || echo refused',
        ]);
        expect(text).toContain('refused');
      },
    );

    const limited = needs(!isRoot && 'limits take root, or a control group that is delegated').test;
    limited('a container that takes more memory than its limit is OOMKilled', async () => {
      const hog = 'exec cat /dev/zero > /dev/shm/x';
      const resources = { limits: { memory: '32Mi', cpu: '500m' } };
      const ref = await bench.run({ restartPolicy: 'Never', containers: [container(hog, { resources })] });
      const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(seen.containerStatuses[0]?.state?.terminated).toMatchObject({
        exitCode: 137,
        reason: 'OOMKilled',
      });
    });

    test("the image's signal ends it", async () => {
      const script = "trap 'echo usr1; exit 0' USR1; echo up; : > /tmp/up; while :; do sleep 0.05; done";
      const readinessProbe = { periodSeconds: 0.05, exec: { command: ['cat', '/tmp/up'] } };
      const ref = await bench.run({
        containers: [container(script, { image: 'tools:app', readinessProbe })],
      });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      await bench.runtime.stop(ref, 20);
      await bench.until(ref, ({ stopped }) => stopped);
      expect(await bench.logs(ref)).toBe('up\nusr1\n');
    });

    test('whoever it runs as, it can open what it prints to by name', async () => {
      expect(await output('echo out > /dev/stdout; echo err > /dev/stderr', { image: 'tools:app' })).toBe(
        'out\nerr\n',
      );
    });

    const watch = `echo up; while :; do for p in /proc/[0-9]*; do [ -e $p/root${folder}/secret ] && echo reached; done; done`;
    test('what is run beside it shows it nothing of this machine', async () => {
      writeFileSync(join(folder, 'secret'), '');
      const securityContext = { capabilities: { add: ['SYS_PTRACE'] } };
      const pods = [
        await bench.run({ containers: [container(watch)] }),
        await bench.run({ containers: [container(watch, { securityContext })], shareProcessNamespace: true }),
      ];
      for (const ref of pods) {
        await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
        for (let i = 0; i < 10; i++) await run(ref, ['ls', '/']);
        expect(await bench.logs(ref)).toBe('up\n');
      }
    });

    needs(isRoot && 'a privileged container of root is root on this machine').test(
      'a privileged container that unmounts its root finds nothing of this machine below',
      async () => {
        writeFileSync(join(folder, 'secret'), '');
        const script = `umount -l / 2>/dev/null; nsenter --mount=/proc/self/ns/mnt ls ${folder}/secret /etc/shipped 2>&1; ps ax | grep -c -v PID`;
        const text = await output(script, { securityContext: { privileged: true } });
        expect(text).toContain(`${folder}/secret': No such file or directory`);
        expect(text).toContain('/etc/shipped\n');
        expect(text).not.toMatch(/defunct|sh:/);
      },
    );

    test('containers share their processes where their Pod says so', async () => {
      const spec = { shareProcessNamespace: true, terminationGracePeriodSeconds: 0 };
      const other: Container = { ...container(`exec sleep ${asleep}`), name: 'd' };
      const ref = await bench.run({ ...spec, containers: [container(server), other] });
      await bench.until(ref, (p) => p.containerStatuses.every(({ ready }) => ready));
      const { text } = await run(ref, ['sh', '-c', 'echo $PPID; ps ax']);
      expect(text).toContain(`sleep ${asleep}`);
      expect(text).toMatch(/^ +1 .* sh -c/m);
      await bench.restart();
      await expect(run(ref, ['ps', 'ax'])).resolves.toMatchObject({
        text: expect.stringContaining(`sleep ${asleep}`),
      });
      await bench.runtime.remove(ref);
      await until('all of it is gone', () => processesWith(asleep).length === 0);
    });

    /** Runs a Pod, and a debugger in it whose target is `c`, once that is as it has to be. */
    async function debugged(
      target: Container,
      script: string,
      spec: Partial<PodSpec> = {},
      isThere: (seen: ContainerStatus) => unknown = ({ ready }) => ready,
    ) {
      const whole = {
        restartPolicy: 'Never' as const,
        terminationGracePeriodSeconds: 0,
        containers: [target],
        ...spec,
      };
      const ref = await bench.run(whole);
      await bench.until(ref, (p) => p.containerStatuses.some(isThere));
      const debug = { ...container(script), name: 'd', targetContainerName: 'c' };
      await bench.run({ ...whole, ephemeralContainers: [debug] }, ref.uid);
      const until = async (fits: (state: ContainerState) => unknown) => {
        const seen = await bench.until(ref, (p) => fits(p.ephemeralContainerStatuses?.[0]?.state ?? {}));
        return { state: seen.ephemeralContainerStatuses?.[0]?.state, target: seen.containerStatuses[0] };
      };
      return { ref, until };
    }
    const machine: Volume = { name: 'machine', hostPath: { path: '/' } };
    const sleeper = `echo of c >/tmp/f; trap 'exit 0' TERM; sleep ${asleep} & wait`;

    test('a debugger is among the processes of its target, with files of its own, and ends alone', async () => {
      const left = `77${process.pid}`;
      const script = `echo own >/tmp/f; ps ax; cat /proc/1/root/tmp/f /tmp/f; setsid sleep ${left} & exit 3`;
      const { ref, until: untilIts } = await debugged(container(sleeper), script);
      const { state, target } = await untilIts(({ terminated }) => terminated);
      const text = await bench.logs(ref, 'd');
      expect(text).toContain(`sleep ${asleep}`);
      expect(text).toMatch(/of c\nown\n$/);
      expect(state?.terminated).toMatchObject({ exitCode: 3 });
      expect(target).toMatchObject({ ready: true, restartCount: 0 });
      await until('what it left is gone', () => processesWith(left).length === 0);
      const { text: later } = await run(ref, ['ps', 'ax']);
      expect(later).toContain(`sleep ${asleep}`);
    });

    test('a debugger ends with its target, and not before it, also when another control plane has taken over', async () => {
      const { ref, until: untilIts } = await debugged(container(sleeper), server);
      await untilIts(({ running }) => running);
      // The tools that start it go with the control plane that started them.
      await until('its program runs', async () => (await bench.logs(ref, 'd')) === 'up\n');
      await bench.restart();
      await bench.ensureAgain(ref);
      await untilIts(({ running }) => running);
      await expect(run(ref, ['ps', 'ax'], 'd')).resolves.toMatchObject({
        text: expect.stringContaining(`sleep ${asleep}`),
      });
      await run(ref, ['sh', '-c', 'kill 1'], 'd');
      const { state, target } = await untilIts(({ terminated }) => terminated);
      expect(state?.terminated).toMatchObject({ exitCode: 137, reason: 'Error' });
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(target).toMatchObject({ restartCount: 0 });
    });

    test('a debugger waits for a target that does not run, and says so', async () => {
      const goesOn = container(`exec sleep ${asleep}`, { name: 'e' });
      const over = await debugged(
        container('exit 0'),
        'exit 0',
        { containers: [container('exit 0'), goesOn] },
        ({ state }) => state?.terminated,
      );
      const { state } = await over.until(({ waiting }) => waiting?.reason === 'CreateContainerError');
      expect(state?.waiting?.message).toBe(
        `invalid target container: container "${over.ref.uid}/c/0" is not running - in state CONTAINER_EXITED`,
      );
      const never = await debugged({ ...container('exit 0'), image: 'absent' }, 'exit 0', {}, () => true);
      await never.until(({ waiting }) => waiting?.message === 'unable to find target container c');
    });

    test('a target that could look at files of this machine while its debugger starts has none', async () => {
      const securityContext = { capabilities: { add: ['SYS_PTRACE'] } };
      const { until: untilIts } = await debugged(container(sleeper, { securityContext }), 'exit 0');
      const { state } = await untilIts(({ terminated }) => terminated);
      expect(state?.terminated).toMatchObject({
        reason: 'StartError',
        message: expect.stringContaining('SYS_PTRACE'),
      });
    });

    test.each([0, 1234])(
      'a debugger shows its target of user %i nothing of this machine',
      async (runAsUser) => {
        writeFileSync(join(folder, 'secret'), '');
        const securityContext = { runAsUser };
        const { ref, until: untilIts } = await debugged(container(watch), 'ps ax', { securityContext });
        await untilIts(({ terminated }) => terminated?.exitCode === 0);
        expect(await bench.logs(ref)).toBe('up\n');
      },
    );

    test("a debugger may have another user, and its target may see the machine's processes", async () => {
      const other = await debugged(container(sleeper), 'ps ax', {
        securityContext: { runAsUser: 1234 },
      });
      await other.until(({ terminated }) => terminated);
      expect(await bench.logs(other.ref, 'd')).toContain(`sleep ${asleep}`);
      const volumeMounts = [{ name: 'machine', mountPath: '/machine' }];
      const seeing = await debugged(container(sleeper, { volumeMounts }), 'ps ax', {
        volumes: [machine],
      });
      await seeing.until(({ terminated }) => terminated);
      expect(await bench.logs(seeing.ref, 'd')).toContain(`sleep ${asleep}`);
    });

    test('the process that keeps what containers share rests, also once another control plane took over', async () => {
      const ref = await bench.run({ shareProcessNamespace: true, containers: [container(server)] });
      const isUp = () => bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      await isUp();
      const note = join(bench.folder, 'data/containers', ref.uid, '.pause/0/main');
      const pid = Number(readFileSync(note, 'utf8').split(' ')[0]);
      const sleeper = () => processesWith('2147483').find((each) => statOf(each)?.parent === pid);
      // Now and then it takes leave of a process.
      const expectRest = () =>
        until('it sleeps, and uses no time', async () => {
          const [asleep, before] = [sleeper(), statOf(pid)];
          await run(ref, ['ls', '/']);
          return asleep !== undefined && asleep === sleeper() && before?.ticks === statOf(pid)?.ticks;
        });
      await expectRest();
      const tools = processesWith('echo ready; read -r _').filter(
        (each) => statOf(each)?.parent === process.pid,
      );
      expect(tools).not.toEqual([]);
      await bench.restart();
      await until('the tools of before are gone', () => tools.every((each) => statOf(each) === undefined));
      await isUp();
      await expectRest();
      const killed = sleeper();
      process.kill(Number(killed), 'SIGKILL');
      await until('that is gone', () => sleeper() !== killed);
      await expectRest();
    });

    test("a Pod may have the machine's network, names and processes, of both kinds of images", async () => {
      const spec = { hostNetwork: true, hostPID: true, hostIPC: true, restartPolicy: 'Never' } as const;
      const folders: Container = { name: 'd', image: 'done' };
      const ref = await bench.run({
        ...spec,
        containers: [container('hostname; head -n 1 /etc/hosts; ps ax'), folders],
      });
      await bench.until(ref, (p) => p.containerStatuses.every(({ state }) => state?.terminated));
      const text = await bench.logs(ref);
      expect(text.split('\n').slice(0, 2)).toEqual([
        hostname(),
        '# Kubernetes-managed hosts file (host network).',
      ]);
      expect(text).toMatch(new RegExp(`^ *${process.pid} `, 'm'));
      expect(await bench.logs(ref, 'd')).toBe('bye\n');
    });

    const sights: [string, Partial<PodSpec>, Partial<Container>][] = [
      ["the machine's processes", { hostPID: true }, {}],
      [
        "the machine's processes and every privilege",
        { hostPID: true },
        { securityContext: { privileged: true } },
      ],
      [
        "a volume that shows the machine's processes",
        { volumes: [machine] },
        {
          securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
          volumeMounts: [{ name: 'machine', mountPath: '/machine' }],
        },
      ],
      ['every privilege', {}, { securityContext: { privileged: true } }],
    ];
    if (!isRoot)
      test.each(sights)('a container with %s looks into no process of others', async (_, spec, more) => {
        const other = await bench.run({ containers: [container(`echo up; exec sleep ${asleep}`)] });
        await until('the other one runs', () => processesWith(asleep).length > 0);
        const pids = [...processesWith(asleep), ...processesWith(relayFile)].join(' ');
        const proc = spec.volumes ? '/machine/proc' : '/proc';
        const look = `for p in ${pids}; do cat ${proc}/$p/environ >/dev/null && echo read $p; ls ${proc}/$p/root/ >/dev/null && echo entered $p; done; echo looked`;
        const ref = await bench.run({ containers: [container(server, more)], ...spec });
        await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
        const { text } = await run(ref, ['sh', '-c', `(${look}) 2>/dev/null`]);
        expect(text).toBe('looked\n');
        await bench.runtime.remove(other);
      });

    test('another control plane adopts what runs; its end takes every process along', async () => {
      const ref = await bench.run({
        containers: [container(`sleep ${asleep} & echo one > /tmp/f; ${server}`)],
      });
      await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
      // Ready says that it was started, not how far it has come.
      await run(ref, ['sh', '-c', 'until [ -s /tmp/f ]; do sleep 0.05; done']);
      await bench.restart();
      const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.running);
      expect(seen.containerStatuses[0]).toMatchObject({ restartCount: 0 });
      await expect(run(ref, ['cat', '/tmp/f'])).resolves.toMatchObject({ text: 'one\n' });
      await bench.runtime.remove(ref);
      expect(
        readdirSync(join(bench.folder, 'data/containers')).filter((name) => !name.startsWith('.')),
      ).toEqual([]);
      await until('all of it is gone', () => processesWith(asleep).length === 0);
    });
  });
}

/** Processes of this machine that have a word in their command line. */
const processesWith = (word: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
      } catch {
        return false;
      }
    });

/** A process's parent, and the time that it and what it has waited for have used; undefined when there is none. */
function statOf(pid: string | number): { parent: number; ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1]!, ticks: fields.slice(11, 15).reduce((sum, each) => sum + each, 0) };
  } catch {
    return undefined;
  }
}
