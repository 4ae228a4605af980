import type { Container, Pod, ResourceRequirements } from '../../../../shared/kinds/schema/types.ts';
import type { BackOff } from '../../../../shared/podspec/backOff.ts';
import type { Ended } from '../../../../shared/podspec/status.ts';
import type { PodRef } from '../../../../shared/ports/cloud.ts';
import type { Run, RunUser } from '../sandbox.ts';

/** Describes what a control plane has to know of a Pod to go on with it after a restart. Plain JSON. */
export interface PodRecord {
  version: 1;
  ip?: string;
  acceptedAt: number;
  /** Set once it is to end, by stop() or by its own deadline. */
  end?: { deadline: number };
  /** Says why it failed as a whole. */
  failure?: { reason: string; message: string };
  /** Says why none of its containers can start. */
  held?: { reason: string; message: string } | undefined;
  stopped: boolean;
  /** Is what it mounts through claims, as folders of this machine, as long as something of it runs. */
  claimed?: string[] | undefined;
  containers: ContainerRecord[];
}

export interface ContainerRecord {
  name: string;
  init: boolean;
  /** Added to the Pod while it runs: it is run once, and nothing waits for it. */
  ephemeral?: true;
  state: 'waiting' | 'running' | 'terminated';
  /** While waiting. */
  reason: string;
  message?: string;
  /** Says how it was when it was told to end, since its spec is another now: the next run begins at once. */
  replaced?: Pick<ContainerRecord, 'startedAt' | 'ready' | 'started' | 'resources'> | undefined;
  /** Not to be tried before. */
  retryAt?: number;
  /** Number of the next run. */
  runs: number;
  /** A run was asked for, and whether it came about is not known yet. */
  starting?: boolean;
  restarts: number;
  startedAt?: number;
  image?: string;
  /** Is what it runs with. */
  resources?: ResourceRequirements;
  /** Says why it does not have the resources of its spec yet. */
  resizing?: string | undefined;
  imageID?: string;
  /** Says who its last run was started as. */
  user?: RunUser | undefined;
  /** Is what its image says ends it. */
  stopSignal?: string;
  /** Says how the last run that ended did so. */
  ended?: Ended | undefined;
  backOff?: BackOff;
  pull?: { backOff: BackOff; failedAt: number; why: string };
  /** Its startup probe passed, its postStart hook is done. */
  started?: boolean;
  ready?: boolean;
  /** Its postStart hook is done. */
  hooked?: boolean;
  /** Its preStop hook was begun. */
  preStopped?: boolean;
}

export function newRecord(pod: Pod, now: number): PodRecord {
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const reason = initContainers.length ? 'PodInitializing' : 'ContainerCreating';
  const fresh =
    (init: boolean) =>
    ({ name }: Container): ContainerRecord => ({
      name,
      init,
      state: 'waiting',
      reason,
      runs: 0,
      restarts: 0,
    });
  return {
    version: 1,
    acceptedAt: now,
    stopped: false,
    containers: [...initContainers.map(fresh(true)), ...containers.map(fresh(false))],
  };
}

/** Adds the ephemeral containers that the Pod has got since; answers whether there are any. */
export function addEphemeral({ containers }: PodRecord, { spec }: Pod): boolean {
  const known = new Set(containers.filter((c) => c.ephemeral).map(({ name }) => name));
  const fresh = (spec?.ephemeralContainers ?? []).filter(({ name }) => !known.has(name));
  for (const { name } of fresh)
    containers.push({
      ...{ name, init: false, ephemeral: true, state: 'waiting', reason: 'ContainerCreating' },
      ...{ runs: 0, restarts: 0 },
    });
  return fresh.length > 0;
}

/** The run that is under way or was the last. */
export const runOf = (ref: PodRef, { name, runs }: ContainerRecord): Run => ({
  ref,
  container: name,
  number: runs - 1,
});

export const containerIdOf = (scheme: string, { ref, container, number }: Run): string =>
  `${scheme}://${ref.uid}/${container}/${number}`;

export const runNumberIn = (containerID: string): number => Number(containerID.split('/').at(-1));
