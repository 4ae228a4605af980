import { logicalCluster } from '../../../shared/kinds/shallop.dev/v1/logicalcluster/index.ts';
import { type Action, until } from './scene.ts';

/** `delete NAME`: resolves when all that the cluster held is gone. */
export const remove: Action = async ({ names, client, call, io }) => {
  const name = names[0]!;
  await client.delete(logicalCluster, '', name);
  await until(`cluster ${name} is gone`, async () => !(await client.get(logicalCluster, '', name)));
  const { kubeconfigOf } = await import('../../../local/config.ts');
  const { removeFromKubeconfig } = await import('../../../local/kubeconfig/index.ts');
  const file = kubeconfigOf(call.text('kubeconfig'), io.env, io.cwd);
  await removeFromKubeconfig(file, `shallop-${name}`, 'shallop');
  io.out(`cluster ${name} deleted`);
  return 0;
};
