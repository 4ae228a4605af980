import { chooseOptions } from '../kube/chosen.ts';
import { kubeVerb } from '../kube/scene.ts';
import { outputOption } from '../kube/tell.ts';

export const wait = kubeVerb({
  name: 'wait',
  summary: 'Wait for a condition of objects',
  description: `  shallop wait --for=condition=Available deployment/web --timeout=2m
  shallop wait --for=delete pod/web-7d4b
  shallop wait --for=create job/import
  shallop wait --for=jsonpath='{.status.phase}'=Running pods -l app=web`,
  usage: [
    'wait TYPE/NAME… --for=CONDITION [options]',
    'wait TYPE (-l QUERY | --all) --for=CONDITION [options]',
  ],
  operands: { objects: 'any' },
  options: {
    for: {
      type: 'string',
      value: 'WHAT',
      choices: ['create', 'delete', 'condition=', 'jsonpath='],
      help: 'create, delete, condition=NAME[=VALUE] or jsonpath=PATH[=VALUE]',
    },
    timeout: { type: 'string', value: 'TIME', help: 'how long to wait (30s; 0: check once; -1s: a week)' },
    ...chooseOptions,
    ...outputOption,
  },
  run: async (scene) => (await import('../kube/wait.ts')).runWait(scene),
});
