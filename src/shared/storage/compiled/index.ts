import { isReason } from '../../errors/apiError.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Storage, Stored } from '../../ports/storage.ts';

/** Describes how something is made of all objects of a resource. */
export interface Compiler<E, T> {
  /** Returns what is kept of one object; asked once for each of its revisions. */
  read(stored: Stored): E;
  /** Returns what is made of all of them, by namespace and name joined with a slash. Asked once for each change. */
  build(entries: ReadonlyMap<string, E>): T;
}

/**
 * Keeps what is made of all objects of a resource (custom kinds, roles, webhook configurations, policies) in step with
 * storage. Each call asks one strongly consistent `head`, so what was acknowledged before it shows in its answer, on
 * every instance; only what changed since is read again. No time-to-live, nobody has to tell anybody. Where the driver
 * knows the head at once and nothing has changed, the answer is there at once too.
 *
 * @example
 * const roles = compiled(storage, 'roles.rbac.authorization.k8s.io', { read: parseRole, build: indexByNamespace });
 * const index = await roles('default');
 */
export function compiled<E, T>(
  storage: Storage,
  resource: string,
  { read, build }: Compiler<E, T>,
): (cluster: string) => Soon<T> {
  const states = new Map<string, State<E, T>>();
  const pending = new Map<string, Promise<State<E, T>>>();

  const refresh = (cluster: string): Promise<State<E, T>> => {
    const known = pending.get(cluster);
    if (known) return known;
    const made = load(cluster, states.get(cluster)).then((state) => {
      remember(states, cluster, state);
      return state;
    });
    const settled = made.finally(() => pending.delete(cluster));
    pending.set(cluster, settled);
    return settled;
  };

  const load = async (cluster: string, before: State<E, T> | undefined): Promise<State<E, T>> => {
    const entries = new Map(before?.entries);
    const put = (stored: Stored) => entries.set(nameOf(stored), read(stored));
    let revision = before?.revision ?? '';
    if (
      before &&
      (await follow(storage, { cluster, resource }, revision, entries, put, (r) => (revision = r)))
    )
      return { revision, entries, value: build(entries) };
    entries.clear();
    const { items, revision: now } = await storage.list({ cluster, resource });
    for (const item of items) put(item);
    return { revision: now, entries, value: build(entries) };
  };

  return (cluster) => {
    const state = states.get(cluster);
    // The first list of all shows what was there when it was asked for.
    if (!state && !pending.has(cluster)) return refresh(cluster).then(({ value }) => value);
    const head = storage.head(cluster, resource);
    return state && state.revision === head ? state.value : asOf(cluster, head);
  };

  async function asOf(cluster: string, asked: Soon<string>): Promise<T> {
    const head = Number(await asked);
    let state = states.get(cluster);
    // A revision that went back is that of a cluster which was removed and made again.
    if (
      state &&
      Number(state.revision) > head &&
      Number(await storage.head(cluster, resource)) < Number(state.revision)
    ) {
      states.delete(cluster);
      state = undefined;
    }
    while (!state || Number(state.revision) < head) state = await refresh(cluster);
    return state.value;
  }
}

interface State<E, T> {
  revision: string;
  entries: Map<string, E>;
  value: T;
}

const nameOf = ({ key: { namespace, name } }: Stored) => `${namespace}/${name}`;

/** Applies what changed since; false when the log no longer reaches back. */
async function follow<E>(
  storage: Storage,
  scope: { cluster: string; resource: string },
  since: string,
  entries: Map<string, E>,
  put: (stored: Stored) => void,
  reached: (revision: string) => void,
): Promise<boolean> {
  const end = new AbortController();
  try {
    for await (const change of storage.watch(scope, since, end.signal)) {
      if (change.type === 'progress') {
        reached(change.revision);
        return true;
      }
      if (change.type === 'put') put(change.object);
      else entries.delete(nameOf(change.object));
      reached(change.object.revision);
    }
    return false;
  } catch (error) {
    if (isReason(error, 'Expired')) return false;
    throw error;
  } finally {
    end.abort();
  }
}

const mostClusters = 1_000;

/** Keeps the state of a logical cluster, and drops that of the one not used for longest when there are too many. */
function remember<S>(states: Map<string, S>, cluster: string, state: S): void {
  states.delete(cluster);
  states.set(cluster, state);
  if (states.size > mostClusters) states.delete(states.keys().next().value!);
}
