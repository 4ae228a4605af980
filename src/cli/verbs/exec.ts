import { kubeVerb } from '../kube/scene.ts';

export const exec = kubeVerb({
  name: 'exec',
  summary: 'Run a command in a container',
  description: `  shallop exec web-7d4b -- date
  shallop exec -it deployment/web -- sh
  shallop exec web-7d4b -c sidecar -- cat /etc/hosts`,
  usage: ['exec POD -- COMMAND… [options]', 'exec TYPE/NAME -- COMMAND… [options]'],
  operands: { objects: 'pods' },
  options: {
    stdin: { type: 'boolean', short: 'i', help: 'the command gets what is typed here' },
    tty: { type: 'boolean', short: 't', help: 'both have a terminal' },
    container: { type: 'string', short: 'c', value: 'NAME', help: 'in this container' },
    quiet: { type: 'boolean', short: 'q', help: 'only what the command prints' },
    'pod-running-timeout': { type: 'string', value: 'TIME', help: 'wait for a Pod no longer (1m)' },
  },
  run: async (scene) => (await import('../kube/enter/exec.ts')).runExec(scene),
});
