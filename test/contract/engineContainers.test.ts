import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ContainerInspect } from '../../src/local/drivers/pods/engine/answers.ts';
import type { EnginePods } from '../../src/local/drivers/pods/engine/index.ts';
import { gatewayIn } from '../../src/local/drivers/pods/engine/published.ts';
import type { Container, PodSpec, Volume } from '../../src/shared/kinds/schema/types.ts';
import type { PodRef } from '../../src/shared/ports/cloud.ts';
import { engineOrObstacle, loadPrograms, openEngineBench, ownContainers } from '../support/enginePods.ts';
import { imageOf, layerOf } from '../support/images/layers.ts';
import { startRegistry } from '../support/images/registry.ts';
import { needs } from '../support/needs.ts';
import type { Bench } from '../support/processPods.ts';
import { until } from '../support/until.ts';

/** What containers of an engine give beside the contract of every runtime, on the engine that DOCKER_HOST names. */
const engine = await engineOrObstacle();

if (typeof engine === 'string') needs(engine).test('Pods in an engine', () => {});
else
  describe(`Pods in ${engine.kind}`, () => {
    const { client } = engine;
    const isPodman = engine.kind === 'podman';
    let bench: Bench;
    beforeAll(() => loadPrograms(engine));
    beforeEach(async () => {
      bench = await openEngineBench(engine);
    });
    afterEach(async () => {
      await bench.close();
      expect(await ownContainers(engine, bench.folder)).toEqual([]);
    });

    const container = (script: string, more: Partial<Container> = {}): Container => ({
      name: 'c',
      image: 'tools:v1',
      command: ['sh', '-c', script],
      ...more,
    });
    async function output(script: string, more: Partial<Container> = {}, spec: Partial<PodSpec> = {}) {
      const ref = await bench.run({ restartPolicy: 'Never', containers: [container(script, more)], ...spec });
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      return bench.logs(ref);
    }
    const server = `trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done`;
    const ready = (ref: PodRef) => bench.until(ref, (p) => p.containerStatuses.every((c) => c.ready));
    const run = async (ref: PodRef, command: string[]) => {
      const streams = { tty: false, stdin: false, stdout: true, stderr: false };
      const process = await bench.runtime.exec!(ref, 'c', { command, ...streams });
      return { text: await text(process.stdout!), exitCode: await process.exitCode };
    };

    test('the image says what runs, where, and with which environment', async () => {
      const ref = await bench.run({ restartPolicy: 'Never', containers: [{ name: 'c', image: 'tools:v1' }] });
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(await bench.logs(ref)).toBe('from the image\n');
      expect(await output('echo $$$$ $(pwd) $A "$B"', { env: [{ name: 'B', value: '$(A)' }] })).toBe(
        '1 /work image $(A)\n',
      );
    });

    test('containers of a Pod share its name, address and hosts file', async () => {
      const hostAliases = [{ ip: '10.1.2.3', hostnames: ['other'] }];
      const script = 'hostname; cat /etc/hostname; tail -n 4 /etc/hosts';
      const containers = [container(script), container(script, { name: 'd' })];
      const ref = await bench.run({ restartPolicy: 'Never', hostAliases, containers });
      const seen = await bench.until(ref, (p) => p.containerStatuses.every((c) => c.state?.terminated));
      const lines = [ref.name, ref.name, `${seen.podIP}\t${ref.name}`, '', '# Entries added by HostAliases.'];
      const wanted = `${[...lines, '10.1.2.3\tother'].join('\n')}\n`;
      expect([await bench.logs(ref), await bench.logs(ref, 'd')]).toEqual([wanted, wanted]);
    });

    test('volumes: of objects, scratch, in memory, of the machine, parts of them, nested and for reading only', async () => {
      bench.configMaps.cm = { metadata: {}, data: { 'app.conf': 'from the map' } };
      const claim = join(bench.folder, 'claim');
      mkdirSync(claim);
      writeFileSync(join(claim, 'app.conf'), 'own');
      const sources = [{ serviceAccountToken: { path: 'token' } }];
      const volumes: Volume[] = [
        { name: 'data', hostPath: { path: claim } },
        { name: 'conf', configMap: { name: 'cm' } },
        { name: 'scratch', emptyDir: { medium: 'Memory' } },
        { name: 'api', projected: { sources } },
      ];
      const at = '/var/run/secrets/kubernetes.io/serviceaccount';
      const volumeMounts = [
        { name: 'scratch', mountPath: '/data/full' },
        { name: 'conf', mountPath: '/data/app.conf', subPath: 'app.conf' },
        { name: 'data', mountPath: '/data' },
        { name: 'api', mountPath: at, readOnly: true },
      ];
      const script = `cat /data/app.conf ${at}/token; echo x > /data/new; echo y > /data/full/z; touch ${at}/x 2>&1`;
      const said = await output(script, { volumeMounts }, { volumes });
      expect(said).toContain('from the maptoken of default');
      expect(said).toContain('Read-only file system');
      expect(readFileSync(join(claim, 'app.conf'), 'utf8')).toBe('own');
      expect(readFileSync(join(claim, 'new'), 'utf8')).toBe('x\n');
      expect(readdirSync(join(claim, 'full'))).toEqual([]);
    });

    test('a file of an object that changes changes in the container', async () => {
      bench.configMaps.cm = { metadata: {}, data: { key: 'old' } };
      const volumes: Volume[] = [{ name: 'v', configMap: { name: 'cm' } }];
      const volumeMounts = [{ name: 'v', mountPath: '/v' }];
      const ref = await bench.run({ volumes, containers: [container(server, { volumeMounts })] });
      await ready(ref);
      expect((await run(ref, ['cat', '/v/key'])).text).toBe('old');
      bench.configMaps.cm = { metadata: {}, data: { key: 'new' } };
      await until('it is new', async () => (await run(ref, ['cat', '/v/key'])).text === 'new');
    });

    test('a read-only root, exact capabilities, no new privileges', async () => {
      const securityContext = {
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
      };
      const status = "touch /x 2>&1; grep -E '^(CapBnd|NoNewPrivs)' /proc/self/status";
      expect(await output(status, { securityContext })).toMatch(
        /Read-only file system\nCapBnd:\t0000000000001000\nNoNewPrivs:\t1\n$/,
      );
      expect(await output("grep '^CapBnd' /proc/self/status")).toBe('CapBnd:\t00000000a80425fb\n');
    });

    test('users and groups are those of the Pod, the container, or the image', async () => {
      expect(await output('id -u; id -g', { image: 'tools:app' })).toBe('1000\n1000\n');
      const spec = {
        securityContext: { runAsUser: 1234, runAsGroup: 2345, fsGroup: 70, supplementalGroups: [71] },
        volumes: [{ name: 'v', emptyDir: {} }],
      };
      const volumeMounts = [{ name: 'v', mountPath: '/v' }];
      const said = await output(
        "id -u; id -g; id -G; touch /v/x; stat -c '%g %a' /v",
        { volumeMounts },
        spec,
      );
      const [uid, gid, groups = '', folder] = said.split('\n');
      expect([uid, gid, folder]).toEqual(['1234', '2345', '70 2777']);
      expect(new Set(groups.split(' '))).toEqual(new Set(['2345', '70', '71']));
    });

    test('runAsNonRoot, a missing program, image and a bad name are told in the words of kubelet', async () => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [
          container('id', { securityContext: { runAsNonRoot: true } }),
          container('', { name: 'd', command: ['nosuch'] }),
          { name: 'e', image: 'absent:v1', imagePullPolicy: 'Never' },
          { name: 'f', image: 'In Valid' },
        ],
      });
      const isSaid = (state: object | undefined) => JSON.stringify(state).includes('message');
      const seen = await bench.until(ref, (p) => p.containerStatuses.every(({ state }) => isSaid(state)));
      const [c, d, e, f] = seen.containerStatuses.map(({ state }) => state);
      expect(c?.waiting?.reason).toBe('CreateContainerConfigError');
      expect(c?.waiting?.message).toMatch(/^container has runAsNonRoot and image will run as root/);
      expect(d?.terminated).toMatchObject({
        ...{ exitCode: 128, reason: 'StartError' },
        message: 'exec: "nosuch": executable file not found in $PATH',
      });
      expect(e?.waiting?.reason).toBe('ErrImageNeverPull');
      expect(f?.waiting?.reason).toBe('InvalidImageName');
    });

    test('the termination message is the last of what was written', async () => {
      const more = { terminationMessagePath: '/tmp/end' };
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [container('echo last words > /tmp/end; exit 3', more)],
      });
      const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      const wanted = { exitCode: 3, message: 'last words\n' };
      expect(seen.containerStatuses[0]?.state?.terminated).toMatchObject(wanted);
    });

    test('the last lines of its log say why it failed, also one without an end', async () => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [
          container('echo why; printf DONE; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' }),
        ],
      });
      const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(seen.containerStatuses[0]?.state?.terminated).toMatchObject({ message: 'why\nDONE' });
    });

    needs(isPodman && 'Podman does not tell it').test('more memory than its limit is OOMKilled', async () => {
      const resources = { limits: { memory: '32Mi', cpu: '500m' } };
      const hog = container('exec tail /dev/zero', { resources });
      const ref = await bench.run({ restartPolicy: 'Never', containers: [hog] });
      const seen = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      const wanted = { exitCode: 137, reason: 'OOMKilled' };
      expect(seen.containerStatuses[0]?.state?.terminated).toMatchObject(wanted);
    });

    test('limits follow a resize', async () => {
      const spec = (limits: Record<string, string>) => ({
        containers: [container(server, { resources: { limits, requests: limits } })],
      });
      const ref = await bench.run(spec({ cpu: '500m', memory: '64Mi' }));
      await ready(ref);
      const name = await ownContainers(engine, bench.folder);
      await bench.run(spec({ cpu: '1', memory: '128Mi' }), ref.uid);
      const seen = await bench.until(
        ref,
        ({ containerStatuses: [c], resizing }) => c?.resources?.limits?.memory === '128Mi' || resizing,
      );
      expect(seen.resizing).toBeUndefined();
      // Podman describes a container as it was made.
      if (isPodman) return;
      const path = `/containers${name.find((each) => each.includes('_c_'))}/json`;
      const { HostConfig } = await client.ask<{ HostConfig: object }>('GET', path);
      expect(HostConfig).toMatchObject({ Memory: 128 * 2 ** 20, CpuQuota: 100_000 });
    });

    test("the image's signal ends it", async () => {
      const script = "trap 'echo usr1; exit 0' USR1; echo up; : > /tmp/up; while :; do sleep 0.05; done";
      const readinessProbe = { periodSeconds: 0.05, exec: { command: ['cat', '/tmp/up'] } };
      const ref = await bench.run({
        containers: [container(script, { image: 'tools:app', readinessProbe })],
      });
      await ready(ref);
      await bench.runtime.stop(ref, 20);
      await bench.until(ref, ({ stopped }) => stopped);
      expect(await bench.logs(ref)).toBe('up\nusr1\n');
    });

    test('a probe that takes too long is ended', async () => {
      const livenessProbe = {
        periodSeconds: 0.1,
        timeoutSeconds: 0.2,
        // The container is not to end over it.
        failureThreshold: 10_000,
        // Only the first takes so long: those that follow would look like it.
        exec: { command: ['sh', '-c', '[ -e /tmp/slept ] || { : > /tmp/slept; exec sleep 98765; }'] },
      };
      const ref = await bench.run({ containers: [container(server, { livenessProbe })] });
      const says = ({ message }: { message: string }) => /command timed out/.test(message);
      await until('it is told', () => bench.events.some(says));
      await until('it is ended', async () => !/98765/.test((await run(ref, ['ps', 'ax'])).text));
    });

    test('containers share their processes where their Pod says so, and what they leave is taken leave of', async () => {
      const other: Container = { ...container('exec sleep 543210'), name: 'd' };
      const spec = { shareProcessNamespace: true, terminationGracePeriodSeconds: 0 };
      const ref = await bench.run({ ...spec, containers: [container(server), other] });
      await ready(ref);
      await run(ref, ['sh', '-c', '(sleep 0.01 &)']);
      const listed = async () => (await run(ref, ['ps', 'ax'])).text;
      expect(await listed()).toMatch(/sleep 543210/);
      await until('nothing of it is left', async () => !/defunct/.test(await listed()));
    });

    test("a Pod may have the machine's network and names", async () => {
      const spec = { hostNetwork: true, restartPolicy: 'Never' } as const;
      const said = await output('hostname; head -n 1 /etc/hosts', {}, spec);
      expect(said).toBe(`${hostname()}\n# Kubernetes-managed hosts file (host network).\n`);
    });

    test('a log with a terminal, its times, and a line that is longer than the engine keeps in one', async () => {
      const long = 'head -c 40000 /dev/zero | tr "\\0" x; echo; echo end';
      const ref = await bench.run({ restartPolicy: 'Never', containers: [container(long)] });
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.terminated);
      const lines = await text(bench.runtime.logs(ref, 'c', { timestamps: true }));
      expect(lines.split('\n').map((line) => line.length)).toEqual([40_031, 34, 0]);
      expect(await text(bench.runtime.logs(ref, 'c', { tailLines: 1 }))).toBe('end\n');
      const onTerminal = await bench.run({
        restartPolicy: 'Never',
        containers: [container('test -t 1 && echo here', { tty: true, stdin: true })],
      });
      await bench.until(onTerminal, (p) => p.containerStatuses[0]?.state?.terminated);
      expect(await text(bench.runtime.logs(onTerminal, 'c', { timestamps: true }))).toMatch(
        /^\d{4}\S+Z here\r\n$/,
      );
    });

    test('attached input reaches the program, and its end', async () => {
      const ref = await bench.run({
        restartPolicy: 'Never',
        containers: [
          container('while read x; do echo "got $x"; done; echo over', { stdin: true, stdinOnce: true }),
        ],
      });
      await bench.until(ref, (p) => p.containerStatuses[0]?.state?.running);
      const attached = await bench.runtime.attach!(ref, 'c', { stdin: true, stdout: true, stderr: false });
      attached.stdin!.write('one\n');
      attached.stdin!.end('two\n');
      expect(await text(attached.stdout!)).toBe('got one\ngot two\nover\n');
      expect(await attached.exitCode).toBe(0);
    });

    test('another control plane adopts what runs; it removes what no Pod owns', async () => {
      const ref = await bench.run({ containers: [container(`echo one > /tmp/f; ${server}`)] });
      const before = await ready(ref);
      await bench.restart();
      const after = await bench.until(ref, (p) => p.containerStatuses[0]?.state?.running);
      expect(after).toMatchObject({ podIP: before.podIP, containerStatuses: [{ restartCount: 0 }] });
      expect((await run(ref, ['cat', '/tmp/f'])).text).toBe('one\n');
      await bench.runtime.close();
      rmSync(join(bench.folder, 'data/pods'), { recursive: true });
      await bench.restart();
      expect(await ownContainers(engine, bench.folder)).toEqual([]);
      expect(existsSync(join(bench.folder, 'data/containers', ref.uid))).toBe(false);
    });

    test('without its own container a Pod begins anew, at another address if need be', async () => {
      const ref = await bench.run({ containers: [container(server)] });
      await ready(ref);
      const own = (await ownContainers(engine, bench.folder)).find((name) => name.includes('_POD_'));
      await client.ask('POST', `/containers${own}/kill`, { query: { signal: 'KILL' } });
      const isAgain = () => bench.until(ref, ({ containerStatuses: [c] }) => c?.restartCount && c.ready);
      let [again, said] = [await isAgain(), ''];
      // It may begin anew once more while it is looked into.
      await until('its container answers', async () => {
        again = await isAgain();
        said = await run(ref, ['tail', '-n', '1', '/etc/hosts']).then(
          (each) => each.text,
          () => '',
        );
        return said !== '';
      });
      expect(said).toBe(`${again.podIP}\t${ref.name}\n`);
    });

    needs((process.getuid?.() !== 0 || !engine.isHere) && 'only root may see to it').test(
      'the bridge that Pods answer through keeps its hardware address as others come and go',
      async () => {
        const stays = await bench.run({ containers: [container(server)] });
        await ready(stays);
        const own = (await ownContainers(engine, bench.folder)).find((name) => name.includes('_POD_'));
        const { NetworkSettings } = await client.ask<ContainerInspect>('GET', `/containers${own}/json`);
        const gateway = gatewayIn(NetworkSettings);
        const address = () =>
          Object.values(networkInterfaces())
            .flatMap((each = []) => each)
            .find((each) => each.address === gateway)?.mac;
        const before = address();
        expect(before).toMatch(/^\w\w:/);
        const others = await Promise.all(
          Array.from({ length: 6 }, () => bench.run({ containers: [container(server)] })),
        );
        for (const other of others) await ready(other);
        expect(address()).toBe(before);
        for (const other of others) await bench.runtime.remove(other);
        expect(address()).toBe(before);
      },
    );

    test('of an engine elsewhere a Pod answers at published ports, and commands end with their clients', async () => {
      const published = await openEngineBench({ ...engine, isHere: false });
      try {
        const serve = "require('http').createServer((q, r) => r.end('here')).listen(8080)";
        const web: Container = {
          ...{ name: 'c', image: 'done', command: ['node', '-e', serve] },
          ports: [{ containerPort: 8080 }],
          readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 0.05 },
        };
        const ref = await published.run({ containers: [web] });
        const isReady = () => published.until(ref, (p) => p.containerStatuses[0]?.ready);
        const { podIP = '' } = await isReady();
        await published.restart();
        await isReady();
        const runtime = published.runtime as EnginePods;
        const { host, port } = runtime.reached!(podIP, 8080);
        expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('here');
        const forwarded = await runtime.portForward!(ref, 8080);
        forwarded.end('GET / HTTP/1.0\r\n\r\n');
        expect(await text(forwarded)).toMatch(/here$/);
        await expect(runtime.portForward!(ref, 8081)).rejects.toMatchObject({ reason: 'InternalError' });
        const streams = { stdin: false, stdout: true, stderr: false, tty: false };
        const polite = await runtime.exec!(ref, 'c', { command: ['sleep', '1000'], ...streams });
        polite.close();
        expect(await polite.exitCode).toBe(143);
      } finally {
        await published.close();
      }
    });

    needs(isPodman && 'Podman takes a registry without TLS by its own configuration only').test(
      'an image from a registry that wants credentials',
      async () => {
        const auth = { kind: 'basic', username: 'u', password: 'p' } as const;
        const registry = await startRegistry({ auth });
        const layer = await layerOf([{ name: 'marker', content: `${Math.random()}` }]);
        registry.push('app:v1', imageOf([layer], { Cmd: ['/none'] }));
        const image = `${registry.host}/app:v1`;
        const spec: Partial<PodSpec> = { restartPolicy: 'Never', containers: [{ name: 'c', image }] };
        const refused = await bench.run(spec);
        const seen = await bench.until(
          refused,
          (p) => p.containerStatuses[0]?.state?.waiting?.reason === 'ErrImagePull',
        );
        expect(seen.containerStatuses[0]?.state?.waiting?.message).toMatch(/^Error response from daemon: /);
        const config = JSON.stringify({ auths: { [registry.host]: { username: 'u', password: 'p' } } });
        bench.secrets.pull = {
          metadata: {},
          type: 'kubernetes.io/dockerconfigjson',
          data: { '.dockerconfigjson': Buffer.from(config).toString('base64') },
        };
        const pulled = await bench.run({ ...spec, imagePullSecrets: [{ name: 'pull' }] });
        await bench.until(pulled, (p) => p.containerStatuses[0]?.state?.terminated);
        const messages = bench.events.map(({ message }) => message);
        expect(messages).toContainEqual(expect.stringContaining(`Successfully pulled image "${image}"`));
        await registry.close();
        await client.ask('DELETE', `/images/${image}`, { query: { force: true } });
      },
    );
  });
