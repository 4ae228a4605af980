import { createdWords, createOptions } from '../kube/create/options.ts';
import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb } from '../kube/scene.ts';
import { changeOptions, managerOption } from '../kube/tell.ts';
import { UsageError } from '../verb.ts';

export const create = kubeVerb({
  name: 'create',
  summary: 'Create objects from a file, from stdin or from options',
  description: `  shallop create -f app.yaml
  shallop create deployment web --image=my-web:v1 --replicas=3 --port=80
  shallop create configmap conf --from-literal=a=1 --from-file=app.ini
  shallop create secret generic login --from-literal=password=…
  shallop create service clusterip web --tcp=80:8080
  shallop create ingress web --rule='example.com/*=web:80,tls=web-cert'
  shallop create job now --from=cronjob/nightly
  shallop create role reader --verb=get,list --resource=pods,deployments.apps
  shallop create rolebinding readers --role=reader --user=ada
  shallop create token robot --duration=1h`,
  usage: [
    'create -f FILE [options]',
    'create namespace|serviceaccount NAME [options]',
    'create deployment NAME --image=IMAGE [options] [-- COMMAND…]',
    'create configmap NAME [options]',
    'create secret generic|tls|docker-registry NAME [options]',
    'create service clusterip|nodeport|loadbalancer|externalname NAME [options]',
    'create ingress NAME --rule=RULE [options]',
    'create job NAME (--image=IMAGE | --from=cronjob/NAME) [options] [-- COMMAND…]',
    'create cronjob NAME --image=IMAGE --schedule=SCHEDULE [options] [-- COMMAND…]',
    'create role|clusterrole NAME --verb=VERB --resource=RESOURCE [options]',
    'create rolebinding|clusterrolebinding NAME --clusterrole=NAME [options]',
    'create poddisruptionbudget NAME --selector=QUERY --min-available=COUNT [options]',
    'create quota NAME --hard=RESOURCE=QUANTITY [options]',
    'create priorityclass NAME --value=NUMBER [options]',
    'create token ACCOUNT [options]',
  ],
  operands: { words: createdWords },
  options: {
    ...fileOptions,
    ...createOptions,
    ...changeOptions,
    ...managerOption,
  },
  run: async (scene) => {
    const { call } = scene;
    if (!call.positionals.length && !call.texts('filename').length)
      throw new UsageError('must specify one of -f and -k; shallop supports only -f');
    return (await import('../kube/create/index.ts')).runCreate(scene);
  },
});
