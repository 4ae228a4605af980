/** What other servers serve, for the discovery of this one. */
import type { Clock } from '../../clock/clock.ts';
import type { APIService } from '../../kinds/schema/types.ts';
import type { OtherServers } from '../../ports/otherServers.ts';
import { asUser } from './headers.ts';
import { isAvailable } from './remotes.ts';

/** An entry of an APIResourceList. */
interface Entry {
  name: string;
  singularName?: string;
  namespaced?: boolean;
  group?: string;
  version?: string;
  kind?: string;
  verbs?: string[];
  shortNames?: string[];
  categories?: string[];
}

/** A version in aggregated discovery. */
export interface DiscoveredVersion {
  version: string;
  resources: object[];
  /** `Stale` when the server does not answer. */
  freshness: 'Current' | 'Stale';
}

const aggregator = { name: 'system:kube-aggregator', groups: ['system:masters'] };
const patienceMs = 5_000;
const keptMs = 10_000;
const mostBytes = 4 * 1024 * 1024;

/** Asks the server of an APIService what it serves; what it said is kept for a few seconds. */
export type Discovered = (cluster: string, service: APIService) => Promise<DiscoveredVersion>;

/** Makes the one that asks these servers; without any, everything is stale. */
export function discoveredBy(servers: OtherServers | undefined, clock: Clock): Discovered {
  const known = new Map<string, { until: number; found: Promise<DiscoveredVersion> }>();
  return (cluster, service) => {
    const { uid, resourceVersion } = service.metadata;
    const key = `${cluster}/${uid}/${resourceVersion}`;
    const kept = known.get(key);
    if (kept && kept.until > clock.now()) return kept.found;
    for (const [each, { until }] of known) if (until <= clock.now()) known.delete(each);
    const found = ask(servers, clock, cluster, service);
    known.set(key, { until: clock.now() + keptMs, found });
    return found;
  };
}

async function ask(
  servers: OtherServers | undefined,
  clock: Clock,
  cluster: string,
  service: APIService,
): Promise<DiscoveredVersion> {
  const { group = '', version = '', service: place } = service.spec ?? {};
  const stale: DiscoveredVersion = { version, resources: [], freshness: 'Stale' };
  if (!servers || !isAvailable(service)) return stale;
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(patienceMs, done.signal).then(() => late.abort());
  try {
    const { status, body } = await servers.send(cluster, service, {
      method: 'GET',
      path: `/apis/${group}/${version}`,
      headers: asUser(
        [
          ['host', `${place?.name}.${place?.namespace}.svc`],
          ['accept', 'application/json'],
        ],
        aggregator,
      ),
      signal: late.signal,
    });
    const read = await wholeOf(body);
    if (status !== 200) return stale;
    const { resources = [] } = JSON.parse(read.toString()) as { resources?: Entry[] };
    return { version, resources: aggregatedEntries(resources, group, version), freshness: 'Current' };
  } catch {
    return stale;
  } finally {
    done.abort();
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

/** The older list as the newer one tells it: subresources within their resources. */
function aggregatedEntries(entries: Entry[], group: string, version: string): object[] {
  const kindOf = (entry: Entry) => ({
    group: entry.group ?? group,
    version: entry.version ?? version,
    kind: entry.kind ?? '',
  });
  return entries
    .filter(({ name }) => !name.includes('/'))
    .map((entry) => {
      const below = entries.filter(({ name }) => name.startsWith(`${entry.name}/`));
      return {
        resource: entry.name,
        responseKind: kindOf(entry),
        scope: entry.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: entry.singularName ?? '',
        verbs: entry.verbs ?? [],
        ...(entry.shortNames?.length && { shortNames: entry.shortNames }),
        ...(entry.categories?.length && { categories: entry.categories }),
        ...(below.length && {
          subresources: below.map((each) => ({
            subresource: each.name.slice(entry.name.length + 1),
            responseKind: kindOf(each),
            verbs: each.verbs ?? [],
          })),
        }),
      };
    });
}
