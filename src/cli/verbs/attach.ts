import { kubeVerb } from '../kube/scene.ts';
import { enterOptions } from './exec.ts';

export const attach = kubeVerb({
  name: 'attach',
  summary: 'Attach to a running container',
  description: `It prints the output of the container from now on; with -i the container gets your input.

  shallop attach web-7d4b
  shallop attach deployment/web -c worker -i`,
  usage: ['attach POD [options]', 'attach TYPE/NAME [options]'],
  operands: { objects: 'pods' },
  options: enterOptions,
  run: async (scene) => (await import('../kube/enter/attach.ts')).runAttach(scene),
});
