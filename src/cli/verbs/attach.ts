import { kubeVerb } from '../kube/scene.ts';
import { enterOptions } from './exec.ts';

export const attach = kubeVerb({
  name: 'attach',
  summary: 'Join a program that runs in a container',
  description: `What it prints from now on is shown; with -i it gets what is typed here.

  shallop attach web-7d4b
  shallop attach deployment/web -c worker -i`,
  usage: ['attach POD [options]', 'attach TYPE/NAME [options]'],
  operands: { objects: 'pods' },
  options: enterOptions,
  run: async (scene) => (await import('../kube/enter/attach.ts')).runAttach(scene),
});
