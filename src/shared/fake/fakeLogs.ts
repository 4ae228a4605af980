import { badRequest } from '../errors/common.ts';
import { byteLimit, logTime, renderLine, selectLines } from '../podspec/logLines.ts';
import { logTarget } from '../podspec/logTarget.ts';
import type { LogOptions } from '../ports/cloud.ts';
import { containerID, type FakeContainer, type FakePod, observation } from './podState.ts';

/** Appends a line; nothing is kept for containers that never print. */
export function appendLine(c: FakeContainer, now: number, text: string): void {
  c.logs ??= [];
  c.logs.push({ time: logTime(now), text });
}

export interface LogSource {
  find(): FakePod | undefined;
  /** Resolves at the next change of the Pod, or when `signal` aborts. */
  change(signal?: AbortSignal): Promise<void>;
}

export async function* readLogs(
  source: LogSource,
  podName: string,
  container: string,
  options: LogOptions,
): AsyncGenerator<Uint8Array> {
  const pod = source.find();
  if (!pod) throw badRequest(`pod "${podName}" is not running here`);
  const { initContainerStatuses, containerStatuses } = observation(pod);
  const statuses = [...initContainerStatuses, ...containerStatuses];
  const wanted = logTarget(statuses, container, podName, Boolean(options.previous));
  const c = pod.containers.find(({ spec }) => spec.name === container)!;
  const current = wanted === containerID(pod, c);
  const lines = (current ? c.logs : c.previousLogs) ?? [];
  const limit = byteLimit(options.limitBytes);
  let said = lines.length;
  for (const line of selectLines(lines, options)) {
    if (limit.done || options.signal?.aborted) return;
    yield limit.take(Buffer.from(renderLine(line, options.timestamps)));
  }
  const alive = () => source.find() === pod && c.state === 'running' && wanted === containerID(pod, c);
  while (options.follow && current && !limit.done && !options.signal?.aborted) {
    const all = c.logs ?? [];
    if (wanted !== containerID(pod, c)) return;
    for (; said < all.length && !limit.done; said++)
      yield limit.take(Buffer.from(renderLine(all[said]!, options.timestamps)));
    if (!alive()) return;
    if (said >= (c.logs?.length ?? 0)) await source.change(options.signal);
  }
}
