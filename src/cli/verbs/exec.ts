import { table } from '../../shared/meta/table.ts';
import { kubeVerb } from '../kube/scene.ts';
import type { Option } from '../verb.ts';

/** Options of what enters a container. */
export const enterOptions: Record<string, Option> = table({
  stdin: { type: 'boolean', short: 'i', help: 'pass stdin to the container' },
  tty: { type: 'boolean', short: 't', help: 'stdin is a terminal (TTY)' },
  container: { type: 'string', short: 'c', value: 'NAME', help: 'name of the container' },
  quiet: { type: 'boolean', short: 'q', help: 'print only the output of the container' },
  'pod-running-timeout': { type: 'string', value: 'TIME', help: 'how long to wait for a running Pod (1m)' },
});

export const exec = kubeVerb({
  name: 'exec',
  summary: 'Run a command in a container',
  description: `  shallop exec web-7d4b -- date
  shallop exec -it deployment/web -- sh
  shallop exec web-7d4b -c sidecar -- cat /etc/hosts`,
  usage: ['exec POD -- COMMAND… [options]', 'exec TYPE/NAME -- COMMAND… [options]'],
  operands: { objects: 'pods' },
  options: enterOptions,
  run: async (scene) => (await import('../kube/enter/exec.ts')).runExec(scene),
});
