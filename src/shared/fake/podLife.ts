import type { Clock } from '../clock/clock.ts';
import { type BackOffPolicy, backOffLeft, raiseBackOff } from '../podspec/backOff.ts';
import type { PodContext } from '../podspec/context.ts';
import { hasReferences, resolveEnv } from '../podspec/env.ts';
import { isSidecar, restarts } from '../podspec/restart.ts';
import { crashLoopBackOff, errImagePull, imagePullBackOff } from '../podspec/status.ts';
import type { PodRef } from '../ports/cloud.ts';
import { containerID, type FakeContainer, type FakePod } from './podState.ts';

/**
 * Describes how containers of an image, or of one Pod, behave. The default: start, be ready, run until stopped, exit 0.
 */
export interface Behaviour {
  /** There is no such image. */
  missing?: boolean;
  /** Ends by itself after `afterMs` (default 0). An init container without this ends with 0 at once. */
  exits?: { code: number; afterMs?: number; reason?: string };
  /** Ready this long after its start; `false`: never. */
  readyAfterMs?: number | false;
  /** Exit code after TERM; `ignored`: it has to be killed. */
  onTerm?: number | 'ignored';
  /** Time between TERM and its end. */
  termMs?: number;
  /** Lines it prints when it starts. */
  prints?: string[];
}

const lookAgainMs = 1000;

export interface Life {
  clock: Clock;
  later: (delayMs: number, run: () => void) => void;
  behaviourOf(pod: FakePod, container: FakeContainer): Behaviour;
  backOff: BackOffPolicy;
  changed(ref: PodRef): void;
  print(pod: FakePod, container: FakeContainer, text: string): void;
  event(pod: FakePod, type: 'Normal' | 'Warning', reason: string, message: string, c?: FakeContainer): void;
}

/** Starts whatever may start now: init containers in order, then the others together. */
export function step(life: Life, pod: FakePod): void {
  if (pod.stopping) return;
  for (const c of pod.containers) {
    if (!c.init) continue;
    const sidecar = isSidecar(c.spec, true);
    if (!sidecar && c.end?.exitCode === 0) continue;
    if (c.state === 'waiting' && mayStart(c)) start(life, pod, c);
    if (!sidecar || (c.state !== 'running' && !c.end)) return;
  }
  for (const c of pod.containers) if (!c.init && c.state === 'waiting' && mayStart(c)) start(life, pod, c);
}

const mayStart = (c: FakeContainer) =>
  c.references !== 'sought' && (c.reason === 'ContainerCreating' || c.reason === 'PodInitializing');

function start(life: Life, pod: FakePod, c: FakeContainer): void {
  const behaviour = life.behaviourOf(pod, c);
  if (behaviour.missing) {
    pullFailed(life, pod, c);
    return;
  }
  if (pod.context && hasReferences(c.spec) && c.references !== 'found') {
    void lookUp(life, pod, c, pod.context);
    return;
  }
  c.references = undefined;
  if (c.end) c.restarts++;
  c.previousLogs = c.logs;
  c.logs = undefined;
  c.state = 'running';
  c.startedAt = life.clock.now();
  life.event(pod, 'Normal', 'Pulled', `Container image "${c.spec.image}" already present on machine`, c);
  life.event(pod, 'Normal', 'Created', 'Container created', c);
  life.event(pod, 'Normal', 'Started', 'Container started', c);
  for (const text of behaviour.prints ?? []) life.print(pod, c, text);
  const run = c.restarts;
  const stillThis = () => c.state === 'running' && c.restarts === run;
  const ready = () => {
    c.ready = true;
    life.changed(pod.ref);
  };
  if (behaviour.readyAfterMs) life.later(behaviour.readyAfterMs, () => stillThis() && ready());
  else c.ready = behaviour.readyAfterMs !== false;
  const exits = behaviour.exits ?? (c.init && !isSidecar(c.spec, true) ? { code: 0 } : undefined);
  if (exits)
    life.later(exits.afterMs ?? 0, () => stillThis() && exit(life, pod, c, exits.code, exits.reason));
  life.changed(pod.ref);
}

/** What is not there keeps the container waiting; it is looked for again. */
async function lookUp(life: Life, pod: FakePod, c: FakeContainer, context: PodContext): Promise<void> {
  c.references = 'sought';
  try {
    await resolveEnv(c.spec, context);
    c.references = 'found';
    retry(life, pod, c);
  } catch (error) {
    c.references = undefined;
    c.reason = 'CreateContainerConfigError';
    c.message = (error as Error).message;
    life.event(pod, 'Warning', 'Failed', `Error: ${c.message}`, c);
    life.later(lookAgainMs, () => !pod.stopping && retry(life, pod, c));
    life.changed(pod.ref);
  }
}

/** Ends a running container, and starts it again when its policy says so. */
export function exit(life: Life, pod: FakePod, c: FakeContainer, exitCode: number, reason?: string): void {
  const now = life.clock.now();
  c.state = 'terminated';
  c.ready = false;
  c.end = { exitCode, startedAt: c.startedAt, finishedAt: now, containerID: containerID(pod, c), reason };
  if (pod.stopping) {
    pod.stopped = pod.containers.every((each) => each.state !== 'running');
  } else if (!c.over && restarts(pod.spec, c.spec, c.init, exitCode)) {
    const delay = backOffLeft(c.backOff, now, now);
    if (delay) {
      const state = crashLoopBackOff(pod.ref, c.spec.name, delay);
      Object.assign(c, { state: 'waiting', ...reasonOf(state) });
      life.event(pod, 'Warning', 'BackOff', `${state.waiting?.message}`, c);
    }
    life.later(delay, () => {
      if (pod.stopping) return;
      c.backOff = raiseBackOff(c.backOff, life.backOff, now, life.clock.now());
      retry(life, pod, c);
    });
  } else step(life, pod);
  if (!pod.stopping) endSidecars(life, pod);
  life.changed(pod.ref);
}

/** Sidecars go once all others are over. */
function endSidecars(life: Life, pod: FakePod): void {
  const over = (c: FakeContainer) =>
    c.init || (c.state === 'terminated' && !restarts(pod.spec, c.spec, false, c.end?.exitCode ?? 0));
  if (!pod.containers.every(over)) return;
  for (const c of pod.containers)
    if (c.init && c.state === 'running') {
      c.over = true;
      exit(life, pod, c, 0);
    }
}

function pullFailed(life: Life, pod: FakePod, c: FakeContainer): void {
  const image = c.spec.image ?? '';
  const why = `image "${image}" not found`;
  c.pullBackOff = raiseBackOff(c.pullBackOff, life.backOff, life.clock.now(), life.clock.now());
  Object.assign(c, reasonOf(errImagePull(why)));
  life.event(pod, 'Warning', 'Failed', `Failed to pull image "${image}": ${why}`, c);
  life.event(pod, 'Warning', 'Failed', 'Error: ErrImagePull', c);
  // Said for a moment, then the wait is said until the next try.
  life.later(Math.min(1000, c.pullBackOff.delayMs / 10), () => {
    if (pod.stopping || c.reason !== 'ErrImagePull') return;
    Object.assign(c, reasonOf(imagePullBackOff(image, why)));
    life.event(pod, 'Normal', 'BackOff', `Back-off pulling image "${image}"`, c);
    life.event(pod, 'Warning', 'Failed', 'Error: ImagePullBackOff', c);
    life.changed(pod.ref);
  });
  life.later(c.pullBackOff.delayMs, () => !pod.stopping && retry(life, pod, c));
  life.changed(pod.ref);
}

function retry(life: Life, pod: FakePod, c: FakeContainer): void {
  c.state = 'waiting';
  c.reason = 'ContainerCreating';
  c.message = undefined;
  step(life, pod);
}

const reasonOf = (state: { waiting?: { reason?: string; message?: string } }) => ({
  reason: state.waiting?.reason ?? '',
  message: state.waiting?.message,
});
