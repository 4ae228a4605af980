import { randomBytes } from 'node:crypto';
import { table } from '../../../shared/meta/table.ts';
import type { KubeObject } from '../objects.ts';
import { getObject } from '../read.ts';
import { numberOf, type Scene } from '../scene.ts';
import { targetsOf } from '../targets.ts';
import { dataOf, inConfigMap } from './data.ts';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './kinds/access.ts';
import { headOf, listOf, type Made, type Make, nameIn } from './kinds/made.ts';
import { ingress, service } from './kinds/network.ts';
import { cronJob, podDisruptionBudget, priorityClass, quota } from './kinds/policies.ts';
import { secret } from './kinds/secrets.ts';
import { createdWords } from './options.ts';

/** What `create` makes by the words of its call, by kubectl's names. */
const makers: Record<string, Make> = table({
  namespace: (_scene, words) => ({
    object: { ...headOf('v1', 'Namespace', nameIn(words)), spec: {}, status: {} },
  }),
  deployment,
  configmap: (scene, words) => {
    const name = nameIn(words);
    const taken = (key: string) =>
      `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`;
    const data = inConfigMap(dataOf(scene, { kind: 'ConfigMap', taken }));
    return {
      object: { ...headOf('v1', 'ConfigMap', name), ...data },
      failed: 'failed to create configmap:',
    };
  },
  secret,
  service,
  ingress,
  serviceaccount: (_scene, words) => ({
    object: headOf('v1', 'ServiceAccount', nameIn(words)),
    failed: 'failed to create serviceaccount:',
  }),
  job,
  cronjob: cronJob,
  role,
  rolebinding: roleBinding,
  clusterrole: clusterRole,
  clusterrolebinding: clusterRoleBinding,
  poddisruptionbudget: podDisruptionBudget,
  quota,
  priorityclass: priorityClass,
});

const otherNames: Record<string, string> = table({
  ns: 'namespace',
  deploy: 'deployment',
  cm: 'configmap',
  sa: 'serviceaccount',
  svc: 'service',
  ing: 'ingress',
  cj: 'cronjob',
  pdb: 'poddisruptionbudget',
  resourcequota: 'quota',
  pc: 'priorityclass',
});

/** Makes what a call names: `deployment web …`, `secret generic s …`. Throws what it does not know, with a way out. */
export async function madeBy(scene: Scene): Promise<Made> {
  const { positionals, beforeDash = positionals.length } = scene.call;
  const [word = '', ...rest] = positionals.slice(0, beforeDash);
  const command = positionals.slice(beforeDash);
  const kind = otherNames[word] ?? word;
  const make = Object.hasOwn(makers, kind) ? makers[kind]! : unknown(positionals);
  return make(scene, rest, command);
}

function unknown(words: string[]): never {
  throw new Error(
    `create knows ${createdWords.join(', ')} and -f FILE; kubectl does it, with the same context: kubectl create ${words.join(' ')}`,
  );
}

function deployment(scene: Scene, words: string[], command: string[]): Made {
  const name = nameIn(words);
  const images = listOf(scene, 'image');
  if (!images.length) throw new Error('required flag(s) "image" not set');
  if (images.length > 1 && command.length)
    throw new Error('cannot specify multiple --image options and command');
  const labels = { app: name };
  const port = numberOf(scene.call, 'port');
  const containers = images.map((image, i) => ({
    name: containerName(image),
    image,
    ...(command.length && { command }),
    ...(port !== undefined && i === 0 && { ports: [{ containerPort: port }] }),
    resources: {},
  }));
  return {
    object: {
      ...headOf('apps/v1', 'Deployment', name),
      metadata: { name, labels },
      spec: {
        replicas: numberOf(scene.call, 'replicas') ?? 1,
        selector: { matchLabels: labels },
        strategy: {},
        template: { metadata: { labels }, spec: { containers } },
      },
      status: {},
    },
    failed: 'failed to create deployment:',
  };
}

/** `registry/team/my_app:v1` is `my-app-x7k2p`: what had to be changed is made unlike others. */
function containerName(image: string): string {
  const name = image.split('/').at(-1)!.split(':')[0]!.split('@')[0]!;
  if (!/[_.]/.test(name)) return name;
  return `${name.replace(/[_.]/g, '-')}-${randomBytes(3).toString('hex').slice(0, 5)}`;
}

interface CronJob extends KubeObject {
  spec: { jobTemplate: { metadata?: KubeObject['metadata']; spec: object } };
}

async function job(scene: Scene, words: string[], command: string[]): Promise<Made> {
  const name = nameIn(words);
  const [image] = listOf(scene, 'image');
  const from = scene.call.text('from');
  if (Boolean(image) === Boolean(from)) throw new Error('either --image or --from must be specified');
  if (from && command.length) throw new Error('cannot specify --from and command');
  const failed = 'failed to create job:';
  if (from) return { object: await fromCronJob(scene, name, from), failed };
  const container = { name, image, ...(command.length && { command }), resources: {} };
  const spec = { template: { metadata: {}, spec: { containers: [container], restartPolicy: 'Never' } } };
  return { object: { ...headOf('batch/v1', 'Job', name), spec, status: {} }, failed };
}

async function fromCronJob(scene: Scene, name: string, from: string): Promise<KubeObject> {
  const [target] = targetsOf([from], await scene.resources());
  const { resource } = target!;
  if (!target!.name) throw new Error('from must be an existing cronjob');
  const found = await getObject(scene.connection, resource, scene.namespace, target!.name);
  if (found.kind !== 'CronJob') throw new Error(`unknown object type *v1.${found.kind}`);
  const { jobTemplate } = (found as CronJob).spec;
  const { labels, annotations } = jobTemplate.metadata ?? {};
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: found.metadata.name,
    uid: found.metadata.uid,
  };
  return {
    ...headOf('batch/v1', 'Job', name),
    metadata: {
      name,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...annotations },
      ...(labels && { labels }),
      ownerReferences: [{ ...owner, controller: true }],
    },
    spec: jobTemplate.spec,
    status: {},
  };
}
