import { table } from '../../../shared/meta/table.ts';
import type { Chosen } from '../chosen.ts';
import { resourceName } from '../discovery.ts';
import type { KubeObject } from '../objects.ts';
import { stateOf } from '../read.ts';
import { revisionOf } from '../replicaSets.ts';
import { numberOf, type Scene, secondsOf, within } from '../scene.ts';

interface Workload extends KubeObject {
  spec: { replicas?: number; updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } } };
  status?: Record<string, number> & {
    conditions?: { type: string; reason?: string }[];
    updateRevision?: string;
    currentRevision?: string;
  };
}

/** Describes how far an update is, in kubectl's words. Throws when it has failed. */
interface Progress {
  text: string;
  done: boolean;
}

/** Tells how far an update is whenever something changes, until it is done. */
export async function followStatus(scene: Scene, { resource, name }: Chosen): Promise<void> {
  const { call, io, connection, namespace } = scene;
  const viewer = viewers[resource.kind];
  if (!viewer) throw new Error(`no status viewer has been implemented for ${resource.kind}`);
  const print = (object: Workload): boolean => {
    const { text, done } = viewer(object, numberOf(call, 'revision') ?? 0);
    io.out(text);
    return done || !call.flag('watch', true);
  };
  let isKnown = false;
  await within(scene, secondsOf(call, 'timeout'), async (signal) => {
    for await (const object of stateOf<Workload>(connection, { resource, namespace, name }, signal)) {
      if (!object)
        throw new Error(
          isKnown ? 'object has been deleted' : `${resourceName(resource)} "${name}" not found`,
        );
      isKnown = true;
      if (print(object)) return;
    }
  });
}

/** Returns whether the newest version of a Deployment runs, and nothing of an older one. */
export function isRolledOut(object: KubeObject): boolean {
  try {
    return deployment(object as Workload, 0).done;
  } catch {
    return false;
  }
}

const viewers: Record<string, (object: Workload, revision: number) => Progress> = table({
  Deployment: deployment,
  DaemonSet: daemonSet,
  StatefulSet: statefulSet,
});

const waiting = (text: string): Progress => ({ text, done: false });

const observed = ({ metadata, status }: Workload) =>
  (metadata.generation as number) <= (status?.observedGeneration ?? 0);

function deployment(object: Workload, revision: number): Progress {
  const { metadata, spec, status } = object;
  if (revision > 0 && revisionOf(object) !== revision)
    throw new Error(
      `desired revision (${revision}) is different from the running revision (${revisionOf(object)})`,
    );
  if (!observed(object)) return waiting('Waiting for deployment spec update to be observed...');
  const name = `deployment "${metadata.name}"`;
  if (
    status?.conditions?.some(
      ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
    )
  )
    throw new Error(`${name} exceeded its progress deadline`);
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status ?? {};
  const wanted = spec.replicas ?? 1;
  const head = `Waiting for ${name} rollout to finish:`;
  if (updatedReplicas < wanted)
    return waiting(`${head} ${updatedReplicas} out of ${wanted} new replicas have been updated...`);
  if (replicas > updatedReplicas)
    return waiting(`${head} ${replicas - updatedReplicas} old replicas are pending termination...`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${head} ${availableReplicas} of ${updatedReplicas} updated replicas are available...`);
  return { text: `${name} successfully rolled out`, done: true };
}

function onlyRolling({ spec }: Workload): void {
  const type = spec.updateStrategy?.type;
  if (type !== undefined && type !== 'RollingUpdate')
    throw new Error('rollout status is only available for RollingUpdate strategy type');
}

function daemonSet(object: Workload): Progress {
  onlyRolling(object);
  if (!observed(object)) return waiting('Waiting for daemon set spec update to be observed...');
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = object.status ?? {};
  const name = `daemon set "${object.metadata.name}"`;
  const head = `Waiting for ${name} rollout to finish:`;
  if (updatedNumberScheduled < desiredNumberScheduled)
    return waiting(
      `${head} ${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`,
    );
  if (numberAvailable < desiredNumberScheduled)
    return waiting(`${head} ${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`);
  return { text: `${name} successfully rolled out`, done: true };
}

function statefulSet(object: Workload): Progress {
  onlyRolling(object);
  const { spec, status } = object;
  if (!status?.observedGeneration || !observed(object))
    return waiting('Waiting for statefulset spec update to be observed...');
  const wanted = spec.replicas ?? 1;
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status;
  if (readyReplicas < wanted) return waiting(`Waiting for ${wanted - readyReplicas} pods to be ready...`);
  const rolling = spec.updateStrategy?.rollingUpdate;
  if (rolling?.partition !== undefined) {
    const part = wanted - rolling.partition;
    if (updatedReplicas < part)
      return waiting(
        `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${part} new pods have been updated...`,
      );
    return {
      text: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...`,
      done: true,
    };
  }
  if (status.updateRevision !== status.currentRevision)
    return waiting(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${status.updateRevision}...`,
    );
  return {
    text: `statefulset rolling update complete ${currentReplicas} pods at revision ${status.currentRevision}...`,
    done: true,
  };
}
