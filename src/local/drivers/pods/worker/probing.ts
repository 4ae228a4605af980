import {
  firstProbe,
  type ProbeKind,
  probed,
  probeOf,
  probeTimeoutMs,
} from '../../../../shared/podspec/probe.ts';
import { check } from './check.ts';
import { probeTitles } from './probeCounts.ts';
import type { ContainerRecord } from './records.ts';
import { type PodScope, specOf, tell } from './scope.ts';

export type Unhealthy = ProbeKind | 'postStart';

/**
 * Runs a container's postStart hook and its probes until `signal` aborts. `unhealthy` is called once, when it has to
 * be ended.
 */
export async function probe(
  scope: PodScope,
  c: ContainerRecord,
  signal: AbortSignal,
  unhealthy: (kind: Unhealthy) => void,
): Promise<void> {
  if (!c.started) {
    if (!(await postStart(scope, c, signal))) return signal.aborted ? undefined : unhealthy('postStart');
    const passed = await runProbe(scope, c, 'startup', signal, (ok) => ok === undefined);
    if (signal.aborted) return;
    if (!passed) return unhealthy('startup');
    c.started = true;
  }
  const spec = specOf(scope, c);
  if (!spec.readinessProbe) c.ready = true;
  scope.save();
  const readiness = probeReadiness(scope, c, signal);
  const alive = await runProbe(scope, c, 'liveness', signal, (ok) => ok !== false);
  if (!alive && !signal.aborted) unhealthy('liveness');
  await readiness;
}

/** Keeps the readiness of a container as its probe finds it until `signal` aborts: also while its Pod is ended, as kubelet does. */
export async function probeReadiness(
  scope: PodScope,
  c: ContainerRecord,
  signal: AbortSignal,
): Promise<void> {
  if (!c.started) return;
  await runProbe(scope, c, 'readiness', signal, (ok) => {
    if (ok !== undefined && Boolean(c.ready) !== ok) {
      c.ready = ok;
      scope.save();
    }
    return true;
  });
}

/** Kubernetes sets none; this only keeps a forgotten command from staying for ever. */
const hookTimeoutMs = 3_600_000;

/** Checks when due while `goOn` of what has settled; answers the last of it, true without such a probe. */
async function runProbe(
  scope: PodScope,
  c: ContainerRecord,
  kind: ProbeKind,
  signal: AbortSignal,
  goOn: (passed: boolean | undefined) => boolean,
): Promise<boolean> {
  const spec = probeOf(specOf(scope, c), kind);
  if (!spec) return true;
  const { clock } = scope.deps;
  let state = firstProbe(spec, Math.max(c.startedAt ?? 0, 0));
  state.dueAt = Math.max(state.dueAt, clock.now());
  while (!signal.aborted) {
    await clock.sleep(Math.max(0, state.dueAt - clock.now()), signal);
    if (signal.aborted) break;
    const { ok, message, warning, isBroken } = await check(scope, c, spec, probeTimeoutMs(spec), signal).then(
      (outcome) => ({ ...outcome, isBroken: false }),
      (error: Error) => ({ ok: false, message: error.message, warning: undefined, isBroken: true }),
    );
    if (signal.aborted) break;
    // As kubelet: what could not be checked is no result.
    if (!isBroken) scope.deps.probes.add(scope.ref, c.name, kind, ok);
    if (!ok) tell(scope, 'Warning', 'Unhealthy', `${probeTitles[kind]} probe failed: ${message}`, c);
    else if (warning !== undefined)
      tell(scope, 'Warning', 'ProbeWarning', `${probeTitles[kind]} probe warning: ${warning}`, c);
    state = probed(spec, state, ok, clock.now());
    if (!goOn(state.passed)) return Boolean(state.passed);
  }
  return true;
}

async function postStart(scope: PodScope, c: ContainerRecord, signal: AbortSignal): Promise<boolean> {
  const hook = specOf(scope, c).lifecycle?.postStart;
  if (!hook || c.hooked) return true;
  const { ok, message } = await check(scope, c, hook, hookTimeoutMs, signal).catch((error: Error) => ({
    ok: false,
    message: error.message,
  }));
  if (signal.aborted) return false;
  c.hooked = true;
  if (!ok) tell(scope, 'Warning', 'FailedPostStartHook', `PostStartHook failed: ${message}`, c);
  return ok;
}
