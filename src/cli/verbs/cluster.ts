import type { RemoteClient } from '../../shared/client/client.ts';
import { logicalCluster } from '../../shared/kinds/shallop.dev/v1/logicalcluster/index.ts';
import { table } from '../../shared/meta/table.ts';
import { type Call, type Io, UsageError, type Verb } from '../verb.ts';
import { dataDir, kubeconfigOptions } from './options.ts';
import { clusterPath, running } from './running.ts';

const lookEveryMs = 20;
const limitMs = 30_000;

export const cluster: Verb = {
  name: 'cluster',
  summary: 'Create, list and delete logical clusters',
  description: `A logical cluster is a whole Kubernetes API of its own, served below /clusters/NAME by the same process: for a
branch, a test, a tenant. It costs nothing while idle. 'create' adds the context shallop-NAME to your kubeconfig.`,
  usage: ['cluster create NAME', 'cluster list', 'cluster delete NAME'],
  options: { ...dataDir, kubeconfig: kubeconfigOptions.kubeconfig! },
  run: async (call, io) => {
    const [action, name, ...rest] = call.positionals;
    const run = action ? actions[action] : undefined;
    if (!run || rest.length) throw new UsageError(`cluster needs one of ${Object.keys(actions).join(', ')}`);
    if (action !== 'list' && !name) throw new UsageError(`cluster ${action} takes a NAME`);
    const { folder, url } = await running(call, io);
    const { adminClient } = await import('../../local/adminClient.ts');
    return run({ name: name ?? '', folder, url, client: await adminClient(folder, url), call, io });
  },
};

interface Scene {
  name: string;
  folder: string;
  url: string;
  client: RemoteClient;
  call: Call;
  io: Io;
}

const actions: Record<string, (scene: Scene) => Promise<number>> = table({
  create: async ({ name, folder, url, client, call, io }) => {
    await client.create(logicalCluster, {
      apiVersion: 'shallop.dev/v1',
      kind: 'LogicalCluster',
      metadata: { name },
    });
    const isReady = async () => (await client.get(logicalCluster, '', name))?.status?.phase === 'Ready';
    await until(`cluster ${name} is Ready`, isReady);
    const { kubeconfigOf } = await import('../../local/config.ts');
    const { mergeKubeconfig } = await import('../../local/kubeconfig/index.ts');
    const { readPki } = await import('../../local/pki/index.ts');
    const { ca, admin } = (await readPki(folder))!;
    const file = kubeconfigOf(call.text('kubeconfig'), io.env, io.cwd);
    const context = `shallop-${name}`;
    await mergeKubeconfig(file, { context, server: `${url}${clusterPath(name)}`, ca, admin });
    io.out(`cluster ${name} created: kubectl --context ${context} get namespaces`);
    return 0;
  },
  list: async ({ client, io }) => {
    const found = await client.list(logicalCluster);
    const rows = [
      ['NAME', 'STATUS'],
      ['default', 'Ready'],
      ...found.map(({ metadata, status }) => [metadata.name ?? '', status?.phase ?? 'Pending']),
    ];
    const width = Math.max(...rows.map(([name]) => name!.length)) + 3;
    for (const [name, phase] of rows) io.out(`${name!.padEnd(width)}${phase}`);
    return 0;
  },
  delete: async ({ name, client, call, io }) => {
    await client.delete(logicalCluster, '', name);
    await until(`cluster ${name} is gone`, async () => !(await client.get(logicalCluster, '', name)));
    const { kubeconfigOf } = await import('../../local/config.ts');
    const { removeFromKubeconfig } = await import('../../local/kubeconfig/index.ts');
    const file = kubeconfigOf(call.text('kubeconfig'), io.env, io.cwd);
    await removeFromKubeconfig(file, `shallop-${name}`, 'shallop');
    io.out(`cluster ${name} deleted`);
    return 0;
  },
});

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += lookEveryMs) {
    if (waited > limitMs) throw new Error(`waited ${limitMs / 1000} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
