import type { Node, Pod } from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';
import { hostPorts } from '../scheduler/plugins/nodePorts.ts';
import { type Amounts, addTo, podRequests } from '../scheduler/resources.ts';
import { asCounted } from './allocated.ts';
import { hasRoom } from './judge.ts';

/** What the Pods of one node take of it. */
interface Share {
  readonly used: Amounts;
  readonly byUid: Map<string, Pod>;
  readonly withPorts: Set<Pod>;
}

const crowds = new WeakMap<object, WeakRef<Crowd>>();

/**
 * Returns the crowd of a cluster, which `client` stands for. It is a memo only, as what is counted is always that of the list that
 * was read last, and so it goes with what memory is given back: it would keep the last list and all nodes that there ever were.
 */
export function crowdOf(client: object): Crowd {
  const known = crowds.get(client)?.deref();
  if (known) return known;
  const made = new Crowd();
  crowds.set(client, new WeakRef(made));
  return made;
}

/**
 * The Pods of a cluster as their nodes count them. Lists of a cache are mostly the same Pods in the same order: of the next
 * one only what differs is counted anew, so that a Pod that comes costs no look at what each other one asks for.
 */
export class Crowd {
  #seen: readonly Pod[] = [];
  readonly #shares = new Map<string, Share>();

  /** Takes these Pods to be all. */
  become(all: readonly Pod[]): this {
    const before = this.#seen;
    // All go before any comes: one that only stands elsewhere does both.
    for (let i = 0; i < before.length; i++) if (before[i] !== all[i]) this.#change(before[i]!, -1);
    for (let i = 0; i < all.length; i++) if (before[i] !== all[i]) this.#change(all[i]!, 1);
    this.#seen = all;
    return this;
  }

  /**
   * Returns whether a Pod fits beside all others on its node: then it does beside those among them who are taken, whatever
   * their order, and nobody need know who runs.
   */
  hasRoomFor(pod: Pod, node: Node): boolean {
    const share = this.#shares.get(node.metadata.name ?? '');
    const own = share?.byUid.get(pod.metadata.uid ?? '');
    const used = { ...share?.used };
    if (own) addTo(used, podRequests(asCounted(own)), -1);
    const others = [...(share?.withPorts ?? [])].filter((other) => other !== own);
    return hasRoom(pod, node, used, others.flatMap(hostPorts));
  }

  #change(pod: Pod, sign: 1 | -1): void {
    const name = pod.spec?.nodeName;
    if (!name || isTerminal(pod)) return;
    const share = this.#shares.get(name) ?? { used: {}, byUid: new Map(), withPorts: new Set() };
    this.#shares.set(name, share);
    addTo(share.used, podRequests(asCounted(pod)), sign);
    const uid = pod.metadata.uid ?? '';
    if (sign > 0) share.byUid.set(uid, pod);
    else share.byUid.delete(uid);
    if (!hostPorts(pod).length) return;
    if (sign > 0) share.withPorts.add(pod);
    else share.withPorts.delete(pod);
  }
}
