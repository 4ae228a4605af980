/** Asks other servers for what they say of themselves. */
import type { Clock } from '../../clock/clock.ts';
import { deadline } from '../../clock/deadline.ts';
import type { APIService } from '../../kinds/schema/types.ts';
import type { OtherServers } from '../../ports/otherServers.ts';
import { asUser } from './headers.ts';
import { isAvailable } from './remotes.ts';

/** Says who asks when this server wants to know something itself. */
export const aggregator = { name: 'system:kube-aggregator', groups: ['system:masters'] };

const patienceMs = 5_000;
const keptMs = 10_000;
const mostBytes = 4 * 1024 * 1024;

/** Describes what the server of an APIService says of itself. */
export type Asked<T> = (cluster: string, service: APIService) => Promise<T>;

/**
 * Asks a path of the server of an APIService; what it said is kept for a few seconds.
 * @param read gets the JSON of the answer, or undefined when there is none. What it throws at makes no sense, and is
 * none either.
 */
export function askedOf<T>(
  servers: OtherServers | undefined,
  clock: Clock,
  pathOf: (service: APIService) => string,
  read: (service: APIService, json: unknown) => T,
): Asked<T> {
  const known = new Map<string, { until: number; found: Promise<T> }>();
  const ask = async (cluster: string, service: APIService) => {
    const isAsked = servers && isAvailable(service);
    const json = isAsked ? await answerOf(servers, clock, cluster, service, pathOf(service)) : undefined;
    try {
      return read(service, json);
    } catch {
      return read(service, undefined);
    }
  };
  return (cluster, service) => {
    const { uid, resourceVersion } = service.metadata;
    const key = `${cluster}/${uid}/${resourceVersion}`;
    const kept = known.get(key);
    if (kept && kept.until > clock.now()) return kept.found;
    for (const [each, { until }] of known) if (until <= clock.now()) known.delete(each);
    const found = ask(cluster, service);
    known.set(key, { until: clock.now() + keptMs, found });
    return found;
  };
}

/** The JSON at a path; undefined when there is none in time. */
async function answerOf(
  servers: OtherServers,
  clock: Clock,
  cluster: string,
  service: APIService,
  path: string,
): Promise<unknown> {
  const { name, namespace } = service.spec?.service ?? {};
  const { signal, done } = deadline(clock, patienceMs);
  try {
    const { status, body } = await servers.send(cluster, service, {
      method: 'GET',
      path,
      headers: asUser(
        [
          ['host', `${name}.${namespace}.svc`],
          ['accept', 'application/json'],
        ],
        aggregator,
      ),
      signal,
    });
    const read = await wholeOf(body);
    return status === 200 ? JSON.parse(read.toString()) : undefined;
  } catch {
    return undefined;
  } finally {
    done();
  }
}

async function wholeOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
