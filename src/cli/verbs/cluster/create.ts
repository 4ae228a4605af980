import { logicalCluster } from '../../../shared/kinds/shallop.dev/v1/logicalcluster/index.ts';
import { UsageError } from '../../verb.ts';
import { clusterPath } from '../running.ts';
import { type Action, until } from './scene.ts';
import { secondsIn } from './time.ts';

/** `create NAME`, and `fork BASE NAME`. */
export const create: Action = async ({ names, folder, url, client, call, io }) => {
  const name = names.at(-1)!;
  const base = names.length > 1 ? names[0] : undefined;
  const time = call.text('ttl');
  const ttl = time === undefined ? undefined : secondsIn(time);
  if (Number.isNaN(ttl)) throw new UsageError(`--ttl takes a time such as 90s, 30m or 4h, and not ${time}`);
  const spec = {
    ...(base !== undefined && { base }),
    ...(ttl !== undefined && { ttlSecondsAfterCreation: ttl }),
  };
  await client.create(logicalCluster, {
    apiVersion: 'shallop.dev/v1',
    kind: 'LogicalCluster',
    metadata: { name },
    ...(Object.keys(spec).length && { spec }),
  });
  const isReady = async () => (await client.get(logicalCluster, '', name))?.status?.phase === 'Ready';
  await until(`cluster ${name} is Ready`, isReady);
  const { kubeconfigOf } = await import('../../../local/config.ts');
  const { mergeKubeconfig } = await import('../../../local/kubeconfig/index.ts');
  const { readPki } = await import('../../../local/pki/index.ts');
  const { ca, admin } = (await readPki(folder))!;
  const file = kubeconfigOf(call.text('kubeconfig'), io.env, io.cwd);
  const context = `shallop-${name}`;
  await mergeKubeconfig(file, { context, server: `${url}${clusterPath(name)}`, ca, admin });
  const begun = base === undefined ? 'created' : `forked from ${base}`;
  io.out(`cluster ${name} ${begun}: kubectl --context ${context} get namespaces`);
  return 0;
};
