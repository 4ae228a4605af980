import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb } from '../kube/scene.ts';
import { changeOptions, managerOption } from '../kube/tell.ts';
import { UsageError } from '../verb.ts';

export const create = kubeVerb({
  name: 'create',
  summary: 'Create objects from files or words',
  description: `  shallop create -f app.yaml
  shallop create namespace team-a
  shallop create deployment web --image=my-web:v1 --replicas=3 --port=80
  shallop create configmap conf --from-literal=a=1 --from-file=app.ini
  shallop create secret generic login --from-literal=password=…
  shallop create job once --image=my-web:v1 -- ./migrate
  shallop create job now --from=cronjob/nightly`,
  usage: [
    'create -f FILE [options]',
    'create namespace|serviceaccount NAME [options]',
    'create deployment NAME --image=IMAGE [options] [-- COMMAND…]',
    'create configmap NAME [options]',
    'create secret generic NAME [options]',
    'create job NAME (--image=IMAGE | --from=cronjob/NAME) [options] [-- COMMAND…]',
  ],
  operands: { words: ['namespace', 'serviceaccount', 'deployment', 'configmap', 'secret', 'job'] },
  options: {
    ...fileOptions,
    image: { type: 'string', multiple: true, value: 'IMAGE', help: 'deployment, job: what runs' },
    replicas: { type: 'string', short: 'r', value: 'COUNT', help: 'deployment: how many (1)' },
    port: { type: 'string', value: 'PORT', help: 'deployment: the port of its container' },
    from: { type: 'string', value: 'CRONJOB', help: 'job: as this one makes them: cronjob/NAME' },
    'from-literal': {
      type: 'string',
      multiple: true,
      value: 'KEY=VALUE',
      help: 'configmap, secret: a value',
    },
    'from-file': {
      type: 'string',
      multiple: true,
      value: '[KEY=]FILE',
      help: 'configmap, secret: a file, or each of a folder',
    },
    'from-env-file': {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'configmap, secret: lines of KEY=VALUE',
    },
    type: { type: 'string', value: 'TYPE', help: 'secret: its type (Opaque)' },
    ...changeOptions,
    ...managerOption,
  },
  run: async (scene) => {
    const { call } = scene;
    if (!call.positionals.length && !call.texts('filename').length)
      throw new UsageError('must specify one of -f and -k; shallop knows -f');
    return (await import('../kube/create/index.ts')).runCreate(scene);
  },
});
