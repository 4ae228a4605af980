import type { Container, ContainerState, ContainerStatus, PodSpec } from '../kinds/schema/types.ts';
import type { BackOff } from '../podspec/backOff.ts';
import type { PodContext } from '../podspec/context.ts';
import { hasReferences } from '../podspec/env.ts';
import type { LogLine } from '../podspec/logLines.ts';
import { isSidecar } from '../podspec/restart.ts';
import { type Ended, running, terminated, waiting } from '../podspec/status.ts';
import type { PodObservation, PodRef } from '../ports/cloud.ts';
import type { Behaviour } from './podLife.ts';

/** Describes what the fake remembers of a Pod: only what its life depends on, so that 10,000 fit. */
export interface FakePod {
  ref: PodRef;
  spec: PodSpec;
  ip: string;
  hostIP: string;
  startedAt: number;
  containers: FakeContainer[];
  /** Says how its containers behave when no script speaks of them. */
  usual: Behaviour;
  stopping: boolean;
  stopped: boolean;
  /** Only where a container's environment refers to objects. */
  context?: PodContext;
  /** Says when KILL falls, once stopping. */
  killAt: number;
}

export interface FakeContainer {
  spec: Container;
  init: boolean;
  state: 'waiting' | 'running' | 'terminated';
  reason: string;
  /** Is what its environment refers to: being looked up, or found. */
  references?: 'sought' | 'found';
  message?: string;
  ready: boolean;
  restarts: number;
  startedAt: number;
  end?: Ended;
  /** A sidecar that is not needed any more. */
  over?: boolean;
  backOff?: BackOff;
  pullBackOff?: BackOff;
  logs?: LogLine[];
  previousLogs?: LogLine[];
}

/** Only the parts of a spec that matter here; the rest may be collected. */
export function slimSpec(spec: PodSpec): PodSpec {
  const slim = (list: Container[] | undefined) =>
    list?.map(({ name, image, restartPolicy, restartPolicyRules, env, envFrom }) => ({
      name,
      image,
      ...(hasReferences({ name, env, envFrom }) && { env, envFrom }),
      ...(restartPolicy && { restartPolicy }),
      ...(restartPolicyRules && { restartPolicyRules }),
    }));
  return {
    containers: slim(spec.containers) ?? [],
    ...(spec.initContainers?.length && { initContainers: slim(spec.initContainers) }),
    ...(spec.restartPolicy && { restartPolicy: spec.restartPolicy }),
  };
}

export function newContainers(spec: PodSpec): FakeContainer[] {
  const blocked = spec.initContainers?.length ? 'PodInitializing' : 'ContainerCreating';
  const fresh = (init: boolean) => (container: Container) => ({
    spec: container,
    init,
    state: 'waiting' as const,
    reason: blocked,
    ready: false,
    restarts: 0,
    startedAt: 0,
  });
  return [...(spec.initContainers ?? []).map(fresh(true)), ...spec.containers.map(fresh(false))];
}

export const containerID = (pod: FakePod, c: FakeContainer, restarts = c.restarts) =>
  `fake://${pod.ref.uid}/${c.spec.name}/${restarts}`;

export function observation(pod: FakePod): PodObservation {
  const all = pod.containers.map((c) => statusOf(pod, c));
  const inits = pod.spec.initContainers?.length ?? 0;
  return {
    podIP: pod.ip,
    hostIP: pod.hostIP,
    startedAt: pod.startedAt,
    initContainerStatuses: all.slice(0, inits),
    containerStatuses: all.slice(inits),
    stopped: pod.stopped,
  };
}

function statusOf(pod: FakePod, c: FakeContainer): ContainerStatus {
  const image = c.spec.image ?? '';
  const ran = c.startedAt > 0;
  return {
    name: c.spec.name,
    state: stateOf(c),
    lastState: c.end && c.state !== 'terminated' ? { terminated: terminated(c.end) } : {},
    ready: c.init && !isSidecar(c.spec, true) ? c.end?.exitCode === 0 : c.ready,
    restartCount: c.restarts,
    image,
    imageID: ran ? `fake://${image}` : '',
    ...(ran && { containerID: containerID(pod, c) }),
    started: c.state === 'running' && (!c.init || isSidecar(c.spec, true)),
  };
}

function stateOf(c: FakeContainer): ContainerState {
  if (c.state === 'running') return running(c.startedAt);
  if (c.state === 'terminated' && c.end) return { terminated: terminated(c.end) };
  return waiting(c.reason, c.message);
}
