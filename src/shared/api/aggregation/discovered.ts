/** Is what other servers serve, for the discovery of this one. */
import type { Clock } from '../../clock/clock.ts';
import type { OtherServers } from '../../ports/otherServers.ts';
import { type Asked, askedOf } from './ask.ts';

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

/** Asks the server of an APIService what it serves. */
export type Discovered = Asked<DiscoveredVersion>;

/** Makes the one that asks these servers; without any, everything is stale. */
export const discoveredBy = (servers: OtherServers | undefined, clock: Clock): Discovered =>
  askedOf(
    servers,
    clock,
    ({ spec }) => `/apis/${spec?.group}/${spec?.version}`,
    ({ spec: { group = '', version = '' } = {} }, json) => {
      if (!json) return { version, resources: [], freshness: 'Stale' };
      // Go writes a list of nothing as null.
      const resources = (json as { resources?: Entry[] | null }).resources ?? [];
      return { version, resources: aggregatedEntries(resources, group, version), freshness: 'Current' };
    },
  );

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
