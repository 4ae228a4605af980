import { kubeVerb } from '../kube/scene.ts';

export const clusterInfo = kubeVerb({
  name: 'cluster-info',
  summary: 'Display the addresses of the cluster',
  usage: ['cluster-info [options]'],
  options: {},
  run: async ({ connection, io }) => {
    const { gitVersion } = await connection.json<{ gitVersion: string }>({ path: '/version' });
    io.out(`Kubernetes control plane is running at ${connection.server}`);
    io.out(`It says it is ${gitVersion}.`);
    return 0;
  },
});
