import { boundedSeconds } from '../../../../shared/clock/seconds.ts';
import type { LifecycleHandler, Probe } from '../../../../shared/kinds/schema/types.ts';
import { portNumber } from '../../../../shared/podspec/probe.ts';
import { failure, httpGet, type Outcome, success, tcpConnect } from './actions.ts';
import { grpcCheck } from './grpcCheck.ts';
import { type ContainerRecord, runOf } from './records.ts';
import { type PodScope, specOf } from './scope.ts';

/** Runs what a probe or a hook asks for, once. */
export async function check(
  scope: PodScope,
  c: ContainerRecord,
  action: Probe & LifecycleHandler,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { deps, record } = scope;
  const container = specOf(scope, c);
  const { reached } = deps.sandbox;
  const asked = action.httpGet ?? action.tcpSocket;
  if (asked && !asked.host && !(await isOwnPort(scope, c, asked.port)))
    return failure(`dial tcp ${record.ip}:${portNumber(asked.port, container)}: connect: connection refused`);
  if (action.httpGet) return httpGet(action.httpGet, record.ip ?? '', container, timeoutMs, reached);
  if (action.tcpSocket) return tcpConnect(action.tcpSocket, record.ip ?? '', container, timeoutMs, reached);
  if (action.sleep) {
    await deps.clock.sleep(Math.min(boundedSeconds(action.sleep.seconds) * 1000, timeoutMs), signal);
    return success;
  }
  if (action.grpc) return grpcCheck(action.grpc, record.ip ?? '', timeoutMs, reached);
  if (!action.exec) return failure('missing probe handler');
  const { exitCode, output } = await deps.sandbox.exec(
    runOf(scope.ref, c),
    action.exec.command ?? [],
    timeoutMs,
    signal,
  );
  if (exitCode === undefined)
    return failure(`command timed out after ${timeoutMs / 1000}s: ${output}`.trim());
  return exitCode === 0 ? success : failure(output.trim() || `command exited with ${exitCode}`);
}

/** Another Pod that listens on all addresses of the machine answers on this one's too. */
async function isOwnPort(scope: PodScope, c: ContainerRecord, port: number | string): Promise<boolean> {
  const { deps, ref, record } = scope;
  const number = portNumber(port, specOf(scope, c));
  return !number || !record.ip || (await deps.sandbox.listens?.(runOf(ref, c), record.ip, number)) !== false;
}
