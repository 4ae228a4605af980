import { constants } from 'node:os';
import { check } from './check.ts';
import { type ContainerRecord, runOf } from './records.ts';
import { type PodScope, specOf, tell } from './scope.ts';

/** Is what a preStop hook leaves its container at least, however long the hook took. */
const atLeastMs = 2000;

/**
 * Ends a running container: preStop hook, TERM, and KILL once `deadline()` has passed, which may come nearer
 * meanwhile. Resolves when it has ended, or when the control plane goes away.
 */
export async function endContainer(
  scope: PodScope,
  c: ContainerRecord,
  deadline: () => number,
  why: string,
  abandoned: () => boolean,
): Promise<void> {
  const { deps, ref, pulse } = scope;
  const { clock, sandbox } = deps;
  const { lifecycle } = specOf(scope, c);
  const run = runOf(ref, c);
  const left = () => deadline() - clock.now();
  const lives = () => c.state === 'running' && !abandoned();
  // What ends is not resized any more, and nobody is to be woken for it.
  Object.assign(c, { resizing: undefined, retryAt: undefined });
  tell(scope, 'Normal', 'Killing', why, c);

  let extra = 0;
  if (lifecycle?.preStop && !c.preStopped && left() > 0) {
    c.preStopped = true;
    scope.save();
    await preStop(scope, c, left, lives);
    if (left() < atLeastMs) extra = clock.now() + Math.min(atLeastMs, Math.max(0, left() + atLeastMs));
  }
  if (abandoned()) return;
  await sandbox.signal(run, stopSignalOf(lifecycle?.stopSignal ?? c.stopSignal));
  while (lives() && Math.max(left(), extra - clock.now()) > 0)
    await pulse.next(Math.max(left(), extra - clock.now()));
  while (lives()) {
    await sandbox.kill(run);
    if (lives()) await pulse.next(200);
  }
}

async function preStop(
  scope: PodScope,
  c: ContainerRecord,
  left: () => number,
  lives: () => boolean,
): Promise<void> {
  const hook = specOf(scope, c).lifecycle?.preStop;
  if (!hook) return;
  const over = new AbortController();
  const done = check(scope, c, hook, left(), over.signal)
    .then(
      ({ ok, message }) => {
        if (!ok) tell(scope, 'Warning', 'FailedPreStopHook', `PreStopHook failed: ${message}`, c);
      },
      () => {},
    )
    .finally(() => {
      over.abort();
      scope.pulse.beat();
    });
  while (!over.signal.aborted && lives() && left() > 0) await scope.pulse.next(left());
  over.abort();
  void done;
}

/** Kubernetes names signals, images may also give their numbers; what is neither ends a program as usual. */
function stopSignalOf(signal: string | undefined): NodeJS.Signals {
  const byNumber = Object.entries(constants.signals).find(([, number]) => String(number) === signal)?.[0];
  const name = byNumber ?? (signal?.startsWith('SIG') ? signal : `SIG${signal}`);
  return Object.hasOwn(constants.signals, name) ? (name as NodeJS.Signals) : 'SIGTERM';
}
