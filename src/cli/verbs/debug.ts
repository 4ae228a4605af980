import { kubeVerb } from '../kube/scene.ts';

export const debug = kubeVerb({
  name: 'debug',
  summary: 'Debug a Pod with an ephemeral container or with a copy of the Pod',
  description: `An ephemeral container stays in the Pod until the Pod is deleted.

  shallop debug web-7d4b -it --image=busybox --profile=general
  shallop debug web-7d4b -it --copy-to=web-debug --container=web --profile=general -- sh
  shallop debug web-7d4b --copy-to=web-next --set-image=*=my-web:v2`,
  usage: [
    'debug POD --image=IMAGE [options] [-- COMMAND…]',
    'debug POD --copy-to=NAME [options] [-- COMMAND…]',
  ],
  operands: { objects: 'pods' },
  options: {
    image: { type: 'string', value: 'IMAGE', help: 'image of the container' },
    container: {
      type: 'string',
      short: 'c',
      value: 'NAME',
      help: 'name of the container; in a copy it may be an existing one',
    },
    stdin: { type: 'boolean', short: 'i', help: 'pass stdin to the container' },
    tty: { type: 'boolean', short: 't', help: 'stdin is a terminal (TTY)' },
    attach: { type: 'boolean', help: 'attach to the container when it runs (with -i: true)' },
    env: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      help: 'environment variable of the container',
    },
    target: { type: 'string', value: 'NAME', help: 'join the process namespace of this container' },
    profile: {
      type: 'string',
      value: 'NAME',
      choices: ['legacy', 'general'],
      help: 'debugging profile: legacy, or general, which may trace (legacy)',
    },
    'copy-to': { type: 'string', value: 'NAME', help: 'debug a copy of the Pod with this name' },
    replace: { type: 'boolean', help: 'with --copy-to: delete the original Pod' },
    'same-node': { type: 'boolean', help: 'with --copy-to: schedule the copy on the same Node' },
    'share-processes': { type: 'boolean', help: 'with --copy-to: the containers share a process namespace' },
    'set-image': {
      type: 'string',
      multiple: true,
      value: 'CONTAINER=IMAGE',
      help: 'with --copy-to: change the image of a container',
    },
    'keep-labels': { type: 'boolean', help: 'with --copy-to: keep the labels' },
    'keep-annotations': { type: 'boolean', help: 'with --copy-to: keep the annotations' },
    'keep-liveness': { type: 'boolean', help: 'with --copy-to: keep the liveness probes' },
    'keep-readiness': { type: 'boolean', help: 'with --copy-to: keep the readiness probes' },
    'keep-startup': { type: 'boolean', help: 'with --copy-to: keep the startup probes' },
    'keep-init-containers': { type: 'boolean', help: 'with --copy-to: run the init containers (true)' },
    'arguments-only': { type: 'boolean', help: 'use what follows -- as arguments, not as the command' },
    'image-pull-policy': {
      type: 'string',
      value: 'WHEN',
      choices: ['Always', 'IfNotPresent', 'Never'],
      help: 'Always, IfNotPresent or Never',
    },
    quiet: { type: 'boolean', short: 'q', help: 'print only the output of the container' },
  },
  run: async (scene) => (await import('../kube/debug/index.ts')).runDebug(scene),
});
