import { kubeVerb } from '../kube/scene.ts';
import { changeOptions, managerOption } from '../kube/tell.ts';

export const run = kubeVerb({
  name: 'run',
  summary: 'Create a Pod of one container, and join it',
  description: `  shallop run web --image=my-web:v1 --port=80
  shallop run once --image=my-tool:v1 --restart=Never -- --verbose
  shallop run shell -it --rm --image=busybox -- sh`,
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
    stdin: { type: 'boolean', short: 'i', help: 'the program gets what is typed here' },
    tty: { type: 'boolean', short: 't', help: 'both have a terminal' },
    attach: { type: 'boolean', help: 'wait for the Pod, and show what it prints (with -i: true)' },
    rm: { type: 'boolean', help: 'delete the Pod when it is left' },
    'leave-stdin-open': { type: 'boolean', help: 'the program may be joined again' },
    quiet: { type: 'boolean', short: 'q', help: 'only what the program prints' },
    'pod-running-timeout': { type: 'string', value: 'TIME', help: 'wait for the Pod no longer (1m)' },
    ...changeOptions,
    ...managerOption,
  },
  run: async (scene) => (await import('../kube/run.ts')).runPod(scene),
});
