import { fallbackLog } from '../../../../shared/podspec/fallbackLog.ts';
import { restarts } from '../../../../shared/podspec/restart.ts';
import type { RunState } from '../sandbox.ts';
import { type ContainerRecord, containerIdOf, runOf } from './records.ts';
import { type PodScope, specOf } from './scope.ts';

/** Brings a container's record in line with what has become of its run. Answers whether anything changed. */
export async function reap(scope: PodScope, c: ContainerRecord): Promise<boolean> {
  if (c.state !== 'running' && !c.starting) return false;
  const state = await scope.deps.sandbox.state(runOf(scope.ref, c));
  if (state.kind === 'absent') {
    if (c.starting) c.starting = false;
    // It ran, and nobody knows how it ended.
    else
      await ended(scope, c, {
        kind: 'ended',
        exitCode: 137,
        startedAt: c.startedAt ?? 0,
        finishedAt: scope.deps.clock.now(),
        reason: 'ContainerStatusUnknown',
      });
    return true;
  }
  if (c.starting || c.state !== 'running') running(c, state.startedAt);
  else if (state.kind === 'running') return false;
  if (state.kind === 'ended') await ended(scope, c, state);
  return true;
}

function running(c: ContainerRecord, startedAt: number): void {
  if (c.startedAt !== undefined) c.restarts++;
  Object.assign(c, { state: 'running', starting: false, startedAt, started: false, ready: false });
  Object.assign(c, { hooked: false, preStopped: false, retryAt: undefined, message: undefined });
  c.replaced = undefined;
}

async function ended(
  scope: PodScope,
  c: ContainerRecord,
  state: RunState & { kind: 'ended' },
): Promise<void> {
  const { deps, ref } = scope;
  const message = await lastWords(scope, c, state.exitCode);
  c.state = 'terminated';
  c.ended = {
    exitCode: state.exitCode,
    startedAt: state.startedAt,
    finishedAt: Math.max(state.finishedAt, state.startedAt),
    containerID: containerIdOf(deps.sandbox.scheme, runOf(ref, c)),
    ...(state.reason && { reason: state.reason }),
    ...(message && { message }),
  };
  Object.assign(c, { ready: false, started: false, retryAt: undefined });
}

/** Has it ended for good? */
export const isOver = (scope: PodScope, c: ContainerRecord): boolean =>
  c.state === 'terminated' &&
  c.ended !== undefined &&
  !c.replaced &&
  (c.ephemeral ||
    !restarts(scope.pod.spec ?? { containers: [] }, specOf(scope, c), c.init, c.ended.exitCode));

async function lastWords(scope: PodScope, c: ContainerRecord, exitCode: number): Promise<string> {
  const { sandbox } = scope.deps;
  const run = runOf(scope.ref, c);
  const { terminationMessagePath: path = '/dev/termination-log', terminationMessagePolicy: policy } = specOf(
    scope,
    c,
  );
  const left = await sandbox.terminationMessage(run, path);
  if (left || policy !== 'FallbackToLogsOnError' || exitCode === 0) return left;
  let end = Buffer.alloc(0);
  for await (const chunk of sandbox.logs(run, { tailLines: fallbackLog.mostLines }))
    end = Buffer.concat([end, chunk]).subarray(-fallbackLog.mostBytes);
  return end.toString();
}
