import { kubeVerb } from '../kube/scene.ts';
import { changeOptions, managerOption } from '../kube/tell.ts';

export const run = kubeVerb({
  name: 'run',
  summary: 'Create a Pod of one container',
  description: `  shallop run web --image=my-web:v1 --port=80
  shallop run once --image=my-tool:v1 --restart=Never -- --verbose
  shallop run shell --image=my-tool:v1 --command -- sleep 60`,
  usage: ['run NAME --image=IMAGE [options] [-- ARGUMENTS…]'],
  options: {
    image: { type: 'string', value: 'IMAGE', help: 'what runs' },
    port: { type: 'string', value: 'PORT', help: 'the port of its container' },
    env: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'a variable' },
    labels: { type: 'string', short: 'l', value: 'A=B,C=D', help: 'its labels (run=NAME)' },
    annotations: { type: 'string', multiple: true, value: 'KEY=VALUE', help: 'an annotation' },
    command: { type: 'boolean', help: 'what follows -- is the command, not its arguments' },
    restart: {
      type: 'string',
      value: 'WHEN',
      choices: ['Always', 'OnFailure', 'Never'],
      help: 'Always, OnFailure or Never (Always)',
    },
    'image-pull-policy': {
      type: 'string',
      value: 'WHEN',
      choices: ['Always', 'IfNotPresent', 'Never'],
      help: 'Always, IfNotPresent or Never',
    },
    privileged: { type: 'boolean', help: 'with the rights of the machine' },
    stdin: { type: 'boolean', short: 'i', help: 'left to kubectl' },
    tty: { type: 'boolean', short: 't', help: 'left to kubectl' },
    attach: { type: 'boolean', help: 'left to kubectl' },
    rm: { type: 'boolean', help: 'left to kubectl' },
    ...changeOptions,
    ...managerOption,
  },
  run: async (scene) => (await import('../kube/run.ts')).runPod(scene),
});
