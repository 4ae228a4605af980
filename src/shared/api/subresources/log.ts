import type { Clock } from '../../clock/clock.ts';
import { ApiError, type Cause } from '../../errors/apiError.ts';
import { badRequest, invalid } from '../../errors/common.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import type { LogOptions } from '../../ports/cloud.ts';
import { notServed } from '../http/errors.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Query } from '../http/target.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { logAsMessages } from './streams/messages.ts';
import { isWebSocket } from './streams/upgrade.ts';

/** GET of a container's output, as it comes. */
export async function log(call: Call): Promise<ApiResponse> {
  const { deps, served, cluster, namespace, name, query, request } = call;
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  const pod = served.parse(stored) as unknown as Pod;
  const container = containerOf(pod, query.get('container'));
  const options = { ...logOptions(query, name, deps.clock.now()), signal: request.signal };
  if (!deps.podLogs) throw notServed('pods/log');
  if (!pod.spec?.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  const ref = { cluster, namespace, name, uid: pod.metadata.uid ?? '' };
  const body = await beginLog(deps.podLogs(ref, container, options, pod), deps);
  if (isWebSocket(request)) return logAsMessages(request, body);
  return {
    status: 200,
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' },
    body,
  };
}

/** Waits for the first bytes: what is wrong from the start is a Status, not a broken stream. */
export async function beginLog(
  output: AsyncIterable<Uint8Array>,
  { clock, podLogsPatienceMs = 0 }: Pick<Call['deps'], 'clock' | 'podLogsPatienceMs'>,
): Promise<AsyncIterable<Uint8Array>> {
  const lines = output[Symbol.asyncIterator]();
  const early = lines.next();
  const quiet = Promise.resolve('quiet' as const);
  // Give an error that is known at once the chance to come first; a quiet container must not hold the answer back.
  for (let turn = 0; turn < 10; turn++) {
    const outcome = await Promise.race([early, quiet]);
    if (outcome !== 'quiet') break;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  if (podLogsPatienceMs) await firstOf(early, clock, podLogsPatienceMs);
  return (async function* () {
    try {
      for (let next = await early; !next.done; next = await lines.next()) yield next.value;
    } finally {
      await lines.return?.();
    }
  })();
}

/** Waits for `early` for a while; throws its error. */
async function firstOf(early: Promise<unknown>, clock: Clock, ms: number): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([early, clock.sleep(ms, over.signal)]);
  } finally {
    over.abort();
  }
}

/** The container that a request means. Throws BadRequest where that is open. */
export function containerOf({ metadata, spec }: Pod, asked: string | undefined): string {
  const containers = (spec?.containers ?? []).map((c) => c.name);
  const inits = (spec?.initContainers ?? []).map((c) => c.name);
  const ephemeral = (spec?.ephemeralContainers ?? []).map((c) => c.name);
  if (asked) {
    if ([...containers, ...inits, ...ephemeral].includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
  }
  if (containers.length === 1) return containers[0]!;
  const choice = `[${containers.join(' ')}]`;
  const init = inits.length ? ` or one of the init containers: [${inits.join(' ')}]` : '';
  const debug = ephemeral.length ? ` or one of the ephemeral containers: [${ephemeral.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: ${choice}${init}${debug}`,
  );
}

/** What of a container's output a query asks for. Throws BadRequest, Invalid. */
export function logOptions(query: Query, name: string, now: number): LogOptions {
  const causes: Cause[] = [];
  const tailLines = number(query, 'tailLines', 0, causes);
  const limitBytes = number(query, 'limitBytes', 1, causes);
  const sinceSeconds = number(query, 'sinceSeconds', 1, causes);
  const sinceTime = query.get('sinceTime');
  if (sinceTime && sinceSeconds !== undefined)
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
      field: '',
    });
  const since = sinceTime ? Date.parse(sinceTime) : sinceSeconds && now - sinceSeconds * 1000;
  if (Number.isNaN(since))
    throw badRequest(`parsing time ${JSON.stringify(sinceTime)}: not an RFC 3339 time`);
  if (causes.length) throw invalid('PodLogOptions', '', name, causes);
  return {
    follow: query.flag('follow'),
    previous: query.flag('previous'),
    timestamps: query.flag('timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(since && { sinceMs: since }),
  };
}

function number(query: Query, field: string, least: number, causes: Cause[]): number | undefined {
  const text = query.get(field);
  if (!text) return undefined;
  if (!/^-?\d+$/.test(text))
    throw new ApiError('BadRequest', `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (value < least)
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${value}: must be greater than ${least === 0 ? 'or equal to 0' : '0'}`,
      field,
    });
  return value;
}
