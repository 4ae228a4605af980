import type { Range } from '../../shared/admission/serviceaddresses/range.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { adaptFork, filledMark, leftOut } from '../../shared/clusters/fork.ts';
import { parsed } from '../../shared/clusters/stored.ts';
import { isReason } from '../../shared/errors/apiError.ts';
import { conflict } from '../../shared/errors/common.ts';
import type { LogicalCluster } from '../../shared/kinds/shallop.dev/v1/logicalcluster/types.ts';
import type { Key, Storage, Stored } from '../../shared/ports/storage.ts';

export interface ForksOptions {
  storage: Storage;
  clock: Clock;
  ids: Ids;
  /** Returns where cluster IPs come from. */
  addresses(): Range;
}

/** Has forks begin, and takes those away that nobody wants any more. */
export interface Forks {
  /** Does nothing for a logical cluster that has no base or has begun. `object` is that of the logical cluster, as it was just read. */
  begin(object: Stored): Promise<void>;
  /** Removes a logical cluster's data, and forks of it whose objects are gone. */
  drop(cluster: string): Promise<void>;
}

/** Others at the same work are in each other's way now and then. */
const tries = 20;
const pauseMs = 50;

/** Forks on AWS: whoever is first asked for one makes it and makes it stand on its own, several at once if need be. */
export function openForks(options: ForksOptions): Forks {
  const { storage, clock, ids } = options;
  /** Logical clusters that are known to have begun, and the uid of the object for which they did. */
  const begun = new Map<string, string>();
  const underWay = new Map<string, Promise<void>>();

  const begin = (object: Stored) => beginOn(object, []);

  /** @param way Names of the forks that wait for this one, as it is the base of the last. */
  const beginOn = async (object: Stored, way: readonly string[]): Promise<void> => {
    if (!object.index.fields?.['spec.base']) return;
    const { name } = object.key;
    const { metadata } = parsed<LogicalCluster>(object);
    // What goes is not begun any more.
    if (metadata.deletionTimestamp || begun.get(name) === metadata.uid) return;
    // Objects that name each other by a race of a deletion and a creation would wait for themselves.
    if (way.includes(name)) throw conflict({ ...logicalClusters, name }, 'its base is a fork of it');
    const work = underWay.get(name) ?? beginAny(name, [...way, name]).finally(() => underWay.delete(name));
    underWay.set(name, work);
    await work;
  };

  /** Each try goes by the object as it is then: one that was deleted meanwhile must not leave a fork that keeps its base. */
  const beginAny = async (name: string, way: readonly string[]): Promise<void> => {
    for (let left = tries; ; left--) {
      const wanted = await wantedFork(storage, name);
      if (!wanted) return;
      try {
        await beginOnce(name, wanted, way);
        begun.set(name, wanted.uid);
        return;
      } catch (error) {
        const mayPass = isReason(error, 'Conflict', 'NotFound', 'AlreadyExists', 'ServiceUnavailable');
        if (left === 0 || !mayPass) throw error;
        await clock.sleep(Math.ceil(ids.random() * pauseMs));
      }
    }
  };

  const beginOnce = async (name: string, wanted: Wanted, way: readonly string[]): Promise<void> => {
    const { base, uid } = wanted;
    if ((await markOf(storage, name)) === uid) return;
    if (base !== 'default') await beginBase(base, way);
    await storage.fork(base, name, { without: leftOut });
    const now = await wantedFork(storage, name);
    // Whoever removed it may have been faster than the fork was made.
    if (!now) return storage.drop(name);
    if (now.uid !== uid) throw conflict({ ...logicalClusters, name }, 'it was made anew');
    await adaptFork({ storage, clock, ids, addresses: options.addresses(), base, cluster: name });
    await storage.create(filledMark(name), () => Buffer.from(uid));
  };

  const beginBase = async (name: string, way: readonly string[]): Promise<void> => {
    const object = await storage.get(objectOf(name));
    if (object) await beginOn(object, way);
  };

  const drop = async (cluster: string): Promise<void> => {
    try {
      await storage.drop(cluster);
    } catch (error) {
      if (!isReason(error, 'Conflict')) throw error;
      for (const fork of await storage.forks(cluster))
        if (!(await storage.get(objectOf(fork)))) await drop(fork);
      await storage.drop(cluster);
    }
  };
  return { begin, drop };
}

interface Wanted {
  base: string;
  uid: string;
}

/** The fork that is asked for under a name; undefined: none is. */
async function wantedFork(storage: Storage, name: string): Promise<Wanted | undefined> {
  const object = await storage.get(objectOf(name));
  const { metadata, spec } = object ? parsed<LogicalCluster>(object) : {};
  if (!metadata || metadata.deletionTimestamp || spec?.base === undefined) return undefined;
  return { base: spec.base, uid: metadata.uid ?? '' };
}

/** Returns for which object a fork has been made to stand on its own; undefined: it has not, or is not ready. */
async function markOf(storage: Storage, name: string): Promise<string | undefined> {
  try {
    const mark = await storage.get(filledMark(name));
    return mark && mark.writtenIn === undefined ? Buffer.from(mark.value).toString() : undefined;
  } catch (error) {
    // Somebody else is making it: this one goes on with that.
    if (!isReason(error, 'ServiceUnavailable')) throw error;
    return undefined;
  }
}

const logicalClusters = { group: 'shallop.dev', plural: 'logicalclusters' };

const objectOf = (name: string): Key => ({
  cluster: 'default',
  resource: 'logicalclusters.shallop.dev',
  namespace: '',
  name,
});
