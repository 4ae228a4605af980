import { kubeVerb } from '../kube/scene.ts';

export const debug = kubeVerb({
  name: 'debug',
  summary: 'Join a Pod by a container of your own, or a copy of it',
  description: `A container that joins a running Pod stays in it until the Pod goes.

  shallop debug web-7d4b -it --image=busybox --profile=general
  shallop debug web-7d4b -it --copy-to=web-debug --container=web --profile=general -- sh
  shallop debug web-7d4b --copy-to=web-next --set-image=*=my-web:v2`,
  usage: [
    'debug POD --image=IMAGE [options] [-- COMMAND…]',
    'debug POD --copy-to=NAME [options] [-- COMMAND…]',
  ],
  operands: { objects: 'pods' },
  options: {
    image: { type: 'string', value: 'IMAGE', help: 'what runs in the container' },
    container: {
      type: 'string',
      short: 'c',
      value: 'NAME',
      help: 'its name; in a copy also one that is there',
    },
    stdin: { type: 'boolean', short: 'i', help: 'the program gets what is typed here' },
    tty: { type: 'boolean', short: 't', help: 'both have a terminal' },
    attach: { type: 'boolean', help: 'join it when it runs (with -i: true)' },
    env: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'a variable' },
    target: { type: 'string', value: 'NAME', help: 'see the processes of this container' },
    profile: {
      type: 'string',
      value: 'NAME',
      choices: ['legacy', 'general'],
      help: 'legacy, or general, which may trace (legacy)',
    },
    'copy-to': { type: 'string', value: 'NAME', help: 'in a copy of the Pod, with this name' },
    replace: { type: 'boolean', help: 'delete the Pod that is copied' },
    'same-node': { type: 'boolean', help: 'the copy on the same Node' },
    'share-processes': { type: 'boolean', help: 'containers of the copy see the processes of all' },
    'set-image': { type: 'string', multiple: true, value: 'CONTAINER=IMAGE', help: 'images of the copy' },
    'keep-labels': { type: 'boolean', help: 'the copy has the labels too' },
    'keep-annotations': { type: 'boolean', help: 'the copy has the annotations too' },
    'keep-liveness': { type: 'boolean', help: 'the copy has liveness probes too' },
    'keep-readiness': { type: 'boolean', help: 'the copy has readiness probes too' },
    'keep-startup': { type: 'boolean', help: 'the copy has startup probes too' },
    'keep-init-containers': { type: 'boolean', help: 'the copy runs init containers too (true)' },
    'arguments-only': { type: 'boolean', help: 'what follows -- is the arguments, not the command' },
    'image-pull-policy': {
      type: 'string',
      value: 'WHEN',
      choices: ['Always', 'IfNotPresent', 'Never'],
      help: 'Always, IfNotPresent or Never',
    },
    quiet: { type: 'boolean', short: 'q', help: 'only what the program prints' },
  },
  run: async (scene) => (await import('../kube/debug/index.ts')).runDebug(scene),
});
