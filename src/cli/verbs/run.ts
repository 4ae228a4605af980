import { kubeVerb } from '../kube/scene.ts';
import { changeOptions, managerOption } from '../kube/tell.ts';

export const run = kubeVerb({
  name: 'run',
  summary: 'Run an image in a Pod of one container',
  description: `  shallop run web --image=my-web:v1 --port=80
  shallop run once --image=my-tool:v1 --restart=Never -- --verbose
  shallop run shell -it --rm --image=busybox -- sh`,
  usage: ['run NAME --image=IMAGE [options] [-- ARGUMENTS…]'],
  options: {
    image: { type: 'string', value: 'IMAGE', help: 'image of the container' },
    port: { type: 'string', value: 'PORT', help: 'port of the container' },
    env: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      help: 'environment variable of the container',
    },
    labels: { type: 'string', short: 'l', value: 'A=B,C=D', help: 'labels of the Pod (run=NAME)' },
    annotations: { type: 'string', multiple: true, value: 'KEY=VALUE', help: 'annotation of the Pod' },
    command: { type: 'boolean', help: 'use what follows -- as the command, not as arguments' },
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
    privileged: { type: 'boolean', help: 'run the container in privileged mode' },
    stdin: { type: 'boolean', short: 'i', help: 'pass stdin to the container' },
    tty: { type: 'boolean', short: 't', help: 'stdin is a terminal (TTY)' },
    attach: { type: 'boolean', help: 'attach to the Pod when it runs (with -i: true)' },
    rm: { type: 'boolean', help: 'delete the Pod when the session ends' },
    'leave-stdin-open': {
      type: 'boolean',
      help: 'keep stdin open after the first session, for another attach',
    },
    quiet: { type: 'boolean', short: 'q', help: 'print only the output of the container' },
    'pod-running-timeout': {
      type: 'string',
      value: 'TIME',
      help: 'how long to wait for the running Pod (1m)',
    },
    ...changeOptions,
    ...managerOption,
  },
  run: async (scene) => (await import('../kube/run.ts')).runPod(scene),
});
