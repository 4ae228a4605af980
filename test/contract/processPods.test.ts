import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Container, Probe, Volume, VolumeMount } from '../../src/shared/kinds/schema/types.ts';
import type { PodRef } from '../../src/shared/ports/cloud.ts';
import { isWindows, needs } from '../support/needs.ts';
import { type Bench, openBench } from '../support/processPods.ts';
import { trivialNetwork } from '../support/trivialNetwork.ts';
import { until } from '../support/until.ts';

/** What host processes give beside the contract of every runtime. */
const { describe: onUnix } = needs(isWindows);

onUnix('Pods as host processes', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  /** Runs a shell program to its end and answers what it printed. */
  async function output(
    script: string,
    more: Partial<Container> = {},
    volumes: Volume[] = [],
  ): Promise<string> {
    const ref = await bench.run({
      restartPolicy: 'Never',
      serviceAccountName: 'robot',
      containers: [{ name: 'c', image: 'done', command: ['sh', '-c', script], ...more }],
      volumes,
    });
    await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
    return bench.logs(ref);
  }
  const container = (script: string, more: Partial<Container> = {}): Container => ({
    name: 'c',
    image: 'done',
    command: ['sh', '-c', script],
    ...more,
  });
  const server = `trap 'exit 0' TERM; echo up; sleep 1000 & while :; do wait; done`;

  test('that no user namespace is made is told once, to whoever asks for one', async () => {
    const told = () => bench.events.filter(({ reason }) => reason === 'UnsupportedHostUsers').length;
    await bench.run({ containers: [container(server)] });
    const ref = await bench.run({ hostUsers: false, containers: [container(server)] });
    await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
    expect(told()).toBe(1);
  });

  test('that no user namespace is made is told once also where the network comes at the third try only', async () => {
    const network = trivialNetwork();
    let tries = 0;
    const setup = async (...args: Parameters<typeof network.setup>) => {
      if (++tries < 3) throw new Error('not yet');
      return network.setup(...args);
    };
    const late = await openBench(undefined, undefined, { network: { ...network, setup } });
    try {
      const ref = await late.run({ hostUsers: false, containers: [container(server)] });
      await late.until(ref, (p) => p.containerStatuses[0]?.ready);
      expect(tries).toBeGreaterThanOrEqual(3);
      expect(late.events.filter(({ reason }) => reason === 'UnsupportedHostUsers')).toHaveLength(1);
    } finally {
      await late.close();
    }
  });

  test('a program learns where it is, and nothing of the control plane', async () => {
    process.env.SHALLOP_TEST_SECRET = 'no';
    const text = await output('env; pwd; echo "$0 $1"', {
      ports: [{ containerPort: 5000 }],
      env: [
        { name: 'A', value: 'a' },
        { name: 'B', value: '$(A)b' },
      ],
      command: ['sh', '-c', 'env; echo "$0 $1"', '$(B)'],
      args: ['$(KUBERNETES_SERVICE_HOST)'],
    });
    const env = Object.fromEntries(text.split('\n').map((line) => line.split(/=(.*)/, 2)));
    expect(env).toMatchObject({
      HOSTNAME: 'pod-uid-0',
      PORT: '5000',
      B: 'ab',
      KUBERNETES_SERVICE_PORT: '443',
    });
    expect(env.HOST).toMatch(/^127\./);
    expect(env.POD_IP).toBe(env.HOST);
    expect(env).not.toHaveProperty('SHALLOP_TEST_SECRET');
    expect(text).toContain('ab 10.0.0.1');
  });

  test('volumes stand below SHALLOP_ROOT', async () => {
    bench.configMaps.cm = { metadata: {}, data: { 'app.conf': 'x=1', other: 'o' } };
    bench.secrets.s = { metadata: {}, data: { key: 'aGk=' } };
    const volumes: Volume[] = [
      { name: 'conf', configMap: { name: 'cm' } },
      { name: 'secret', secret: { secretName: 's', defaultMode: 0o400 } },
      { name: 'scratch', emptyDir: {} },
      { name: 'host', hostPath: { path: bench.folder, type: 'Directory' } },
      {
        name: 'api',
        projected: {
          sources: [{ serviceAccountToken: { path: 'token' } }, { configMap: { name: 'kube-root-ca.crt' } }],
        },
      },
    ];
    const volumeMounts: VolumeMount[] = [
      { name: 'conf', mountPath: '/etc/app' },
      { name: 'conf', mountPath: '/one.conf', subPath: 'app.conf' },
      { name: 'secret', mountPath: '/secret' },
      { name: 'scratch', mountPath: '/work/deep' },
      { name: 'host', mountPath: '/host' },
      { name: 'api', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ];
    const script = `cd "$SHALLOP_ROOT"; cat etc/app/app.conf one.conf secret/key; stat -L -c %a secret/key; touch work/deep/f
      ls host/images.json; cat var/run/secrets/kubernetes.io/serviceaccount/token var/run/secrets/kubernetes.io/serviceaccount/ca.crt`;
    expect(await output(script, { volumeMounts }, volumes)).toBe(
      'x=1x=1hi400\nhost/images.json\ntoken of robotPEM',
    );
    expect(await output('pwd', { volumeMounts, workingDir: '/work/deep' }, volumes)).toMatch(/\/scratch\n$/);
  });

  test('files follow their ConfigMap, all at once', async () => {
    bench.configMaps.cm = { metadata: {}, data: { a: '1', b: '1' } };
    const script = `cd "$SHALLOP_ROOT/conf"; until [ "$(cat a)" = 2 ]; do sleep 0.02; done; cat a c; ls`;
    const running = output(script, { volumeMounts: [{ name: 'v', mountPath: '/conf' }] }, [
      { name: 'v', configMap: { name: 'cm' } },
    ]);
    bench.configMaps.cm = { metadata: {}, data: { a: '2', c: '3' } };
    expect(await running).toBe('23a\nc\n');
  });

  test('files follow at once what somebody says has changed, even while they are written', async () => {
    await bench.close();
    bench = await openBench(undefined, tmpdir(), { network: trivialNetwork(), refreshMs: 3_600_000 });
    const changed = (resource: string, name: string, namespace = 'ns') =>
      bench.runtime.sourceChanged?.({ cluster: 'default', resource, namespace, name });
    const reading = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let reads = 0;
    bench.sources.configMap = async () => {
      if (reads++ === 0) {
        reading.resolve();
        await release.promise;
        return { metadata: {}, data: { a: 'old' } };
      }
      return { metadata: {}, data: { a: 'new' } };
    };
    bench.secrets.s = { metadata: {}, data: { key: btoa('old') } };
    const script = `cd "$SHALLOP_ROOT/v"; until [ "$(cat a key)" = newnew ]; do sleep 0.02; done; cat a key`;
    const sources = [{ configMap: { name: 'cm' } }, { secret: { name: 's' } }];
    const running = output(script, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }, [
      { name: 'v', projected: { sources } },
    ]);
    await reading.promise;
    changed('configmaps', 'cm');
    release.resolve();
    await until('it is read again', () => reads === 2);
    changed('secrets', 'other');
    changed('configmaps', 's');
    changed('secrets', 's', 'elsewhere');
    // Long enough for what should not happen.
    expect(await output('echo another')).toBe('another\n');
    expect(reads).toBe(2);
    bench.secrets.s = { metadata: {}, data: { key: btoa('new') } };
    changed('secrets', 's');
    expect(await running).toBe('newnew');
    expect(reads).toBe(3);
  });

  test('a volume whose object is missing holds the Pod back until it is there', async () => {
    const ref = await bench.run({
      containers: [container(server, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
      volumes: [{ name: 'v', secret: { secretName: 'late' } }],
    });
    const failed = () => bench.events.find(({ reason }) => reason === 'FailedMount');
    await bench.until(ref, failed);
    expect(failed()?.message).toBe('MountVolume.SetUp failed for volume "v" : secret "late" not found');
    bench.secrets.late = { metadata: {}, data: {} };
    await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
  });

  test('a program that is not there is StartError', async () => {
    const ref = await bench.run({
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'done', command: ['no-such'] }],
    });
    const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
    expect(seen.containerStatuses[0]?.state?.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      message: 'exec: "no-such": executable file not found in $PATH',
    });
  });

  // `$$` is a dollar sign in the command of a Pod.
  test('a signal is 128 and its number, and all of the container goes with its main process', async () => {
    expect(await output('echo $$$$; kill -9 $$$$')).toMatch(/^\d+\n$/);
    const ref = await bench.run({
      restartPolicy: 'Never',
      containers: [container(`sleep 98${process.pid} & kill -11 $$$$`)],
    });
    const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
    expect(seen.containerStatuses[0]?.state?.terminated).toMatchObject({ exitCode: 139, reason: 'Error' });
    await until('all of it is gone', async () => !(await find(`98${process.pid}`)));
  });

  test('the termination message is what the program leaves, or the end of its log', async () => {
    const path = { terminationMessagePath: '/dev/termination-log' };
    const both = [
      container('echo left > "$SHALLOP_ROOT/dev/termination-log"', path),
      container('echo last words; exit 1', { name: 'd', terminationMessagePolicy: 'FallbackToLogsOnError' }),
    ];
    const ref = await bench.run({ restartPolicy: 'Never', containers: both });
    const seen = await bench.until(ref, (p) => p.containerStatuses.every(({ state }) => state?.terminated));
    expect(seen.containerStatuses.map(({ state }) => state?.terminated?.message)).toEqual([
      'left\n',
      'last words\n',
    ]);
  });

  const fast: Partial<Probe> = { periodSeconds: 0.05, failureThreshold: 2, initialDelaySeconds: 0 };

  test('readiness follows its probe', async () => {
    const ref = await bench.run({
      containers: [
        container(server, {
          readinessProbe: { ...fast, exec: { command: ['test', '-e', 'ready'] } },
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
          workingDir: '/v',
        }),
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    });
    const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.started);
    expect(seen.containerStatuses[0]?.ready).toBe(false);
    await bench.until(ref, () =>
      bench.events.some(({ message }) => message.startsWith('Readiness probe failed: ')),
    );
    const flag = join(bench.folder, 'data/pods', ref.uid, 'volumes/v/ready');
    writeFileSync(flag, '');
    await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
    rmSync(flag);
    await bench.until(ref, (p) => !p.containerStatuses[0]?.ready);
    const counts = bench.runtime.probes?.(ref) ?? [];
    expect(counts.map(({ result }) => result).sort()).toEqual(['failed', 'successful']);
    expect(counts[0]).toMatchObject({ container: 'c', type: 'Readiness' });
    expect(Math.min(...counts.map(({ count }) => count))).toBeGreaterThan(0);
    await bench.runtime.stop(ref, 0);
    await bench.until(ref, (p) => p.stopped);
    await bench.runtime.remove(ref);
    expect(bench.runtime.probes?.(ref)).toEqual([]);
  });

  test('readiness follows its probe also while the Pod is being ended', async () => {
    const ref = await bench.run({
      containers: [
        container("trap '' TERM; touch ready; while :; do sleep 1; done", {
          readinessProbe: { ...fast, exec: { command: ['test', '-e', 'ready'] } },
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
          workingDir: '/v',
        }),
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    });
    const flag = join(bench.folder, 'data/pods', ref.uid, 'volumes/v/ready');
    await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
    await bench.runtime.stop(ref, 60);
    rmSync(flag);
    const seen = await bench.until(ref, (p) => !p.containerStatuses[0]?.ready);
    expect(seen.containerStatuses[0]?.state?.running).toBeDefined();
    await bench.runtime.stop(ref, 0);
  });

  test('a container whose liveness fails is restarted, one whose startup fails too', async () => {
    const tcp = { tcpSocket: { port: 1 } };
    const ref = await bench.run({
      terminationGracePeriodSeconds: 1,
      containers: [
        container(server, { livenessProbe: { ...fast, ...tcp } }),
        container(server, { name: 'd', startupProbe: { ...fast, httpGet: { port: 1 } } }),
      ],
    });
    const seen = await bench.until(ref, (p) =>
      p.containerStatuses.every(({ restartCount }) => restartCount > 0),
    );
    expect(seen.containerStatuses[1]).toMatchObject({ ready: false });
    const said = bench.events.map(({ message }) => message);
    expect(said).toContain('Container c failed liveness probe, will be restarted');
    expect(said).toContain('Container d failed startup probe, will be restarted');
    expect(said.find((message) => message.startsWith('Liveness probe failed: dial tcp'))).toContain(
      'connection refused',
    );
  });

  test('hooks run after the start and before the stop', async () => {
    const exec = (text: string) => ({
      exec: { command: ['sh', '-c', `echo ${text} >> "$SHALLOP_ROOT/said"`] },
    });
    const ref = await bench.run({
      containers: [
        container(
          `trap 'cat "$SHALLOP_ROOT/said"; exit 0' TERM; echo up; sleep 1000 & while :; do wait; done`,
          {
            lifecycle: { postStart: exec('hello'), preStop: exec('bye') },
          },
        ),
      ],
    });
    await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
    await until('it hears signals', async () => (await bench.logs(ref)) === 'up\n');
    await bench.runtime.stop(ref, 60);
    await bench.until(ref, ({ stopped }) => stopped);
    expect(await bench.logs(ref)).toBe('up\nhello\nbye\n');
  });

  test('its network is set up once for a start, and for no command beside it', async () => {
    await bench.close();
    const network = trivialNetwork();
    let setups = 0;
    const setup = (ref: PodRef) => {
      setups++;
      return network.setup(ref);
    };
    bench = await openBench(undefined, undefined, {
      network: { ...network, setup, known: network.setup },
    });
    const probe = { exec: { command: ['true'] }, periodSeconds: 1 };
    const ref = await bench.run({ containers: [container(server, { readinessProbe: probe })] });
    await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
    // For the Pod's address, and for its program.
    expect(setups).toBe(2);
  });

  test('activeDeadlineSeconds ends the Pod as a whole', async () => {
    const ref = await bench.run({ activeDeadlineSeconds: 0.3, containers: [container(server)] });
    const seen = await bench.until(ref, ({ stopped }) => stopped);
    expect(seen.reason).toBe('DeadlineExceeded');
  });

  test('removed, a Pod leaves no file and no process, not even one that left its session', async () => {
    const ref = await bench.run({ containers: [container(`setsid sleep 76${process.pid} & ${server}`)] });
    await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
    await bench.runtime.remove(ref);
    for (const folder of ['pods', 'containers'])
      expect(readdirSync(join(bench.folder, 'data', folder))).toEqual([]);
    if (existsSync('/proc/self/environ'))
      await until('all of it is gone', async () => !(await find(`76${process.pid}`)));
  });

  test('a container with another image takes its place at once, whatever the policy, and nothing is told between', async () => {
    const spec = (image: string) => ({
      restartPolicy: 'Never' as const,
      // A program that has only just begun may miss the signal.
      terminationGracePeriodSeconds: 1,
      containers: [container(server, { image })],
    });
    const ref = await bench.run(spec('server'));
    await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
    for (const [restarts, image] of [
      [1, 'slow'],
      [2, 'server'],
    ] as const) {
      await bench.run(spec(image), ref.uid);
      const told = new Set<string>();
      await bench.until(ref, ({ containerStatuses: [c] }) => {
        for (const state of Object.keys(c?.state ?? {})) told.add(state);
        return c?.restartCount === restarts && c.ready;
      });
      expect([...told]).toEqual(['running']);
    }
    expect(bench.events).not.toContainEqual(expect.objectContaining({ reason: 'BackOff' }));
  });

  test.each([
    ['goes on', undefined, 0],
    ['starts again where its policy says so', 'cpu', 1],
    ['goes on where its policy is about other resources', 'memory', 0],
  ])('a container that gets other resources %s, and tells them', async (_, resourceName, restartCount) => {
    const resizePolicy = resourceName ? [{ resourceName, restartPolicy: 'RestartContainer' }] : [];
    const spec = (cpu: string) => ({
      terminationGracePeriodSeconds: 1,
      containers: [container(server, { resources: { requests: { cpu } }, resizePolicy })],
    });
    const ref = await bench.run(spec('10m'));
    const before = await bench.until(ref, (p) => p.containerStatuses[0]?.ready);
    expect(before.containerStatuses[0]).toMatchObject({
      resources: { requests: { cpu: '10m' } },
      allocatedResources: { cpu: '10m' },
    });
    await bench.run(spec('20m'), ref.uid);
    const after = await bench.until(
      ref,
      ({ containerStatuses: [c] }) => c?.resources?.requests?.cpu === '20m' && c.ready,
    );
    expect(after.containerStatuses[0]).toMatchObject({ restartCount, allocatedResources: { cpu: '20m' } });
  });
});

/** How many processes run `sleep` for a number of seconds that only one test uses. */
async function find(seconds: string): Promise<number> {
  const { execFile } = await import('node:child_process');
  const list = await new Promise<string>((resolve) =>
    execFile('ps', ['-axo', 'stat=,args='], (_, stdout) => resolve(stdout)),
  );
  return list.split('\n').filter((line) => !line.startsWith('Z') && line.includes(`sleep ${seconds}`)).length;
}
