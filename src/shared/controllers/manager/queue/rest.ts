import type { Key, Listing, Storage, Stored } from '../../../ports/storage.ts';
import { itemOf } from '../source.ts';

/**
 * Describes what a process remembers from one resync to the next. A process that remembers nothing lets nothing rest.
 */
export interface ResyncMemory {
  /** The last look at each cluster as a whole. */
  looks: Map<string, Look>;
  /** Resources that were empty, with the revision at which they were. */
  empty: Map<string, string>;
  /** By resource, an object that gave a survey something to look at. */
  mattered: Map<string, Key>;
}

/** Makes a memory that has seen nothing: every cluster counts as awake. */
export const openMemory = (): ResyncMemory => ({ looks: new Map(), empty: new Map(), mattered: new Map() });

/** A look at a whole cluster, all that was to be offered having been sent. */
export interface Look {
  tick: number;
  /** By resource: the revision at which it was listed. */
  heads: ReadonlyMap<string, string>;
  /** Nothing was there that may change without a write. */
  still: boolean;
  /** A look at least a turn before had found the same: nothing came of offering everything. */
  sure: boolean;
}

type Reads = Pick<Storage, 'list' | 'head'>;

/** Returns whether the cluster may keep still, and nobody has written anything into it since the look. */
export async function isUnchanged(storage: Reads, cluster: string, { still, heads }: Look): Promise<boolean> {
  if (!still) return false;
  for (const [resource, head] of heads) if ((await storage.head(cluster, resource)) !== head) return false;
  return true;
}

/**
 * Is what only a write changes, neither time nor a cloud: nothing is lost for long when it is looked at rarely. What a
 * controller watches (`isMoved`) and is not named here keeps its cluster from rest, as does what is under deletion. What
 * is only watched for its owners does not.
 */
export const unmoved: ReadonlySet<string> = new Set([
  'apiservices.apiregistration.k8s.io',
  'configmaps',
  'controllerrevisions.apps',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'ingressclasses.networking.k8s.io',
  'leases.coordination.k8s.io',
  'logicalclusters.shallop.dev',
  'namespaces',
  'networkpolicies.networking.k8s.io',
  'nodes',
  'podtemplates',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'secrets',
  'serviceaccounts',
  'storageclasses.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
]);

/**
 * Returns whether no controller has work for the object until somebody writes: no controller moves its resource, and
 * it is not being deleted.
 */
export function isStill(stored: Stored, isMoved: (resource: string) => boolean): boolean {
  const { resource, namespace, name } = stored.key;
  // The Service of the API itself is in every cluster.
  const own = resource === 'services' && namespace === 'default' && name === 'kubernetes';
  if (!own && isMoved(resource) && !unmoved.has(resource)) return false;
  const item = itemOf(stored);
  return !item.notable() || !item.parse().metadata.deletionTimestamp;
}

const page = 500;

/** All objects of a resource, page by page. What was empty at the newest revision is not listed again. */
export async function* pages(
  storage: Reads,
  cluster: string,
  resource: string,
  { empty }: ResyncMemory,
): AsyncGenerator<Pick<Listing, 'items' | 'revision'>> {
  const place = `${cluster}|${resource}`;
  const known = empty.get(place);
  if (known !== undefined && (await storage.head(cluster, resource)) === known) {
    yield { items: [], revision: known };
    return;
  }
  empty.delete(place);
  let cursor: string | undefined;
  do {
    const listing = await storage.list({ cluster, resource }, { limit: page, ...(cursor && { cursor }) });
    if (!cursor && listing.items.length === 0) empty.set(place, listing.revision);
    yield listing;
    cursor = listing.cursor;
  } while (cursor);
}
