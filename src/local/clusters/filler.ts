import type { Range } from '../../shared/admission/serviceaddresses/range.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import { formatTime } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { adaptFork, filledMark, leftOut } from '../../shared/clusters/fork.ts';
import { edited, parsed } from '../../shared/clusters/stored.ts';
import { restMark } from '../../shared/controllers/manager/resting.ts';
import { notFound } from '../../shared/errors/common.ts';
import type { LogicalCluster } from '../../shared/kinds/shallop.dev/v1/logicalcluster/types.ts';
import type { KubeObject } from '../../shared/meta/object.ts';
import type { Key, Storage, Stored } from '../../shared/ports/storage.ts';

export interface FillerOptions {
  storage: Storage;
  /** Returns where cluster IPs come from. */
  addresses(): Range;
  clock: Clock;
  ids: Ids;
  /** Returns whether nothing is left to do in a logical cluster. */
  isIdle(cluster: string): boolean;
  /** Notes that a new logical cluster may rest, if nothing in it moves. */
  restIfStill(cluster: string): Promise<void>;
  /** The logical cluster that new ones begin as. */
  template(): Promise<string>;
}

/** Has a logical cluster begin as its base or as every cluster does, before the first request to it. */
export interface Filler {
  /** Does nothing when that has been done. Throws NotFound for a base that is not there. */
  fill(cluster: string): Promise<void>;
}

/** Is what is different in every logical cluster, and so is not in the template. */
const notInTemplate = ['services', 'endpoints', 'endpointslices.discovery.k8s.io'];
const systemNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

const objectOf = (name: string): Key => ({
  cluster: 'default',
  resource: 'logicalclusters.shallop.dev',
  namespace: '',
  name,
});

export function clusterFiller(options: FillerOptions): Filler {
  const { storage } = options;
  /** cluster → the revision of its object for which it is known to be filled. */
  const known = new Map<string, string>();
  const underWay = new Map<string, Promise<void>>();

  const fillOnce = async (cluster: string, { metadata, spec }: LogicalCluster): Promise<void> => {
    const uid = metadata.uid ?? '';
    const mark = await storage.get(filledMark(cluster));
    const isOwn = mark && mark.writtenIn === undefined;
    if (isOwn && textOf(mark) === uid) return;
    // Somebody was still at work in a cluster of this name when that was removed.
    if (isOwn) await storage.drop(cluster);
    const base = spec?.base;
    if (base === undefined) await beginAsEvery(options, cluster, uid);
    else {
      if (base !== 'default') await fill(base);
      // What the controllers of the base were about to do, those of the fork have to do as well.
      const wasIdle = options.isIdle(base);
      await storage.fork(base, cluster, { without: leftOut });
      const isIdle = wasIdle && options.isIdle(base);
      await adaptFork({ ...options, addresses: options.addresses(), base, cluster });
      if (isIdle) await options.restIfStill(cluster);
      await storage.create(filledMark(cluster), () => Buffer.from(uid));
    }
  };

  const fill = async (cluster: string): Promise<void> => {
    if (cluster === 'default') return;
    const stored = await storage.get(objectOf(cluster));
    if (!stored) throw notFound({ group: 'shallop.dev', plural: 'logicalclusters', name: cluster });
    if (known.get(cluster) === stored.revision) return;
    const object = parsed<LogicalCluster>(stored);
    // What goes is not begun any more.
    if (object.metadata.deletionTimestamp) return;
    const work = underWay.get(cluster) ?? fillOnce(cluster, object).finally(() => underWay.delete(cluster));
    underWay.set(cluster, work);
    await work;
    known.set(cluster, stored.revision);
  };
  return { fill };
}

const textOf = ({ value }: Stored) => Buffer.from(value).toString();

/** A fork of the template, with what differs from cluster to cluster. It rests until somebody writes into it. */
async function beginAsEvery(
  { storage, template, clock, ids }: FillerOptions,
  cluster: string,
  uid: string,
): Promise<void> {
  try {
    await storage.fork(await template(), cluster, { without: notInTemplate });
  } catch (error) {
    // A cluster of an earlier version, which wrote all of it.
    if (!(await storage.heads(cluster)).has('namespaces')) throw error;
    await storage.create(filledMark(cluster), () => Buffer.from(uid));
    return;
  }
  const head = Number(await storage.head(cluster, 'namespaces'));
  const created = formatTime(clock.now());
  const found = await Promise.all(
    systemNamespaces.map((name) => storage.get({ cluster, resource: 'namespaces', namespace: '', name })),
  );
  // One that was interrupted after its writes has namespaces of its own already.
  const inherited = found.filter((each) => each !== undefined).filter(({ writtenIn }) => writtenIn);
  const heads = Buffer.from(JSON.stringify({ namespaces: `${head + inherited.length}` }));
  // Called in one turn, so written in one transaction. Of each cluster the namespaces are its own, since programs know a
  // cluster by the uid of kube-system.
  await Promise.all([
    ...inherited.map((stored) =>
      edited(storage, stored, (object: KubeObject) => {
        Object.assign(object.metadata, { uid: ids.uid(), creationTimestamp: created });
      }),
    ),
    storage.create(restMark(cluster), () => heads),
    storage.create(filledMark(cluster), () => Buffer.from(uid)),
  ]);
}
