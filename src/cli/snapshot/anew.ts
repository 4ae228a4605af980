import { bindingAnnotations } from '../../shared/clusters/bindingAnnotations.ts';
import { table } from '../../shared/meta/table.ts';
import type { KubeObject } from '../kube/objects.ts';

/** An object as it is made anew, and what follows once everything is there. */
export interface Anew {
  object: KubeObject;
  /** A merge patch that lets controllers act on it; until then they would make again what is still to come. */
  release?: object;
  /** Is what only the object itself tells: controllers do not find it out again. */
  status?: unknown;
}

/** Keys of metadata that the server gives. */
const given = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'selfLink',
  'managedFields',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

/** What an object of a snapshot is made anew of: without what a server gives, and without its place in the old cluster. */
export function anew(taken: KubeObject): Anew {
  const { status, ...object } = structuredClone(taken);
  for (const key of given) delete object.metadata[key];
  const plain = object as KubeObject;
  const adapt = adapted[`${plain.apiVersion} ${plain.kind}`];
  return { object: plain, status, ...adapt?.(plain, status) };
}

type Fields = Record<string, unknown>;
type Adapt = (object: KubeObject, status: unknown) => Partial<Anew> | undefined;

const specOf = (object: KubeObject): Fields => (object.spec ?? {}) as Fields;

/** Holds a field back until everything is there. */
function held(object: KubeObject, field: string): Partial<Anew> {
  const spec = specOf(object);
  const wanted = spec[field] ?? null;
  spec[field] = true;
  return wanted === true ? {} : { release: { spec: { [field]: wanted } } };
}

const adapted: Record<string, Adapt> = table({
  // It would make a ReplicaSet of its own, before those that it has are there.
  'apps/v1 Deployment': (object) => ({ ...held(object, 'paused'), status: undefined }),
  'batch/v1 CronJob': (object) => held(object, 'suspend'),
  'batch/v1 Job': (object) => {
    forgetUid(object);
    return held(object, 'suspend');
  },
  'v1 Service': (object) => {
    const spec = specOf(object);
    if (spec.clusterIP !== 'None') for (const key of ['clusterIP', 'clusterIPs']) delete spec[key];
    delete spec.healthCheckNodePort;
    for (const port of (spec.ports ?? []) as Fields[]) delete port.nodePort;
    return undefined;
  },
  'v1 Pod': (object) => {
    delete specOf(object).nodeName;
    return undefined;
  },
  'v1 PersistentVolumeClaim': (object) => {
    delete specOf(object).volumeName;
    without(object.metadata.annotations, bindingAnnotations);
    return undefined;
  },
  'v1 Secret': (object) => {
    if (object.type !== 'kubernetes.io/service-account-token') return undefined;
    // A token is good in the cluster that gave it.
    without(object.data as Fields | undefined, ['token', 'ca.crt', 'namespace']);
    without(object.metadata.annotations, ['kubernetes.io/service-account.uid']);
    return undefined;
  },
});

const ofJob = [
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'job-name',
  'batch.kubernetes.io/job-name',
];

/** A Job finds its Pods by its uid, unless it says itself how. */
function forgetUid(job: KubeObject): void {
  const spec = specOf(job) as { manualSelector?: boolean; selector?: object; template?: KubeObject };
  if (spec.manualSelector) return;
  delete spec.selector;
  for (const { labels } of [job.metadata, spec.template?.metadata ?? { name: '' }]) without(labels, ofJob);
}

function without(fields: Fields | undefined, keys: readonly string[]): void {
  for (const key of keys) delete fields?.[key];
}
