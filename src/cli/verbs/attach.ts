import { kubeVerb } from '../kube/scene.ts';

export const attach = kubeVerb({
  name: 'attach',
  summary: 'Join a program that runs in a container',
  description: `What it prints from now on is shown; with -i it gets what is typed here.

  shallop attach web-7d4b
  shallop attach deployment/web -c worker -i`,
  usage: ['attach POD [options]', 'attach TYPE/NAME [options]'],
  operands: { objects: 'pods' },
  options: {
    stdin: { type: 'boolean', short: 'i', help: 'the program gets what is typed here' },
    tty: { type: 'boolean', short: 't', help: 'both have a terminal' },
    container: { type: 'string', short: 'c', value: 'NAME', help: 'of this container' },
    quiet: { type: 'boolean', short: 'q', help: 'only what the program prints' },
    'pod-running-timeout': { type: 'string', value: 'TIME', help: 'wait for a Pod no longer (1m)' },
  },
  run: async (scene) => (await import('../kube/enter/attach.ts')).runAttach(scene),
});
