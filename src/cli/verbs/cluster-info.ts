import { kubeVerb } from '../kube/scene.ts';

export const clusterInfo = kubeVerb({
  name: 'cluster-info',
  summary: 'Say where the control plane of the context is',
  usage: ['cluster-info [options]'],
  options: {},
  run: async ({ connection, io }) => {
    const { gitVersion } = await connection.json<{ gitVersion: string }>({ path: '/version' });
    io.out(`Kubernetes control plane is running at ${connection.server}`);
    io.out(`It says it is ${gitVersion}.`);
    return 0;
  },
});
