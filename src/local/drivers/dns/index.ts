import { isIP } from 'node:net';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Service } from '../../../shared/kinds/schema/types.ts';
import { table } from '../../../shared/meta/table.ts';
import type { LoadBalancers, NameService, ServiceRef } from '../../../shared/ports/cloud.ts';
import { refKey } from '../refKey.ts';
import type { SocketsAt } from '../sockets.ts';
import { openForwarder, type Upstream } from './forward.ts';
import { type DnsListener, listenDns } from './listen.ts';
import { ClusterNames } from './names.ts';
import { createRespond } from './respond.ts';
import { machineUpstreams } from './upstreams.ts';

export interface DnsOptions {
  clock: Clock;
  /** Makes cluster IPs known to the system, where they are not by themselves. */
  clusterAddresses?: { add(address: string): Promise<void>; remove(address: string): Promise<void> };
  /** Says in which network addresses are on which is listened. Absent: all are this machine's. */
  socketsAt?: SocketsAt | undefined;
  /** Returns whether an address is in the ranges of Pods and Services: nobody else knows its name. */
  isOwn(address: string): boolean;
  upstreams?: () => readonly Upstream[];
  /** 53: resolvers know no other. */
  port?: number;
}

/** Answers for the names of Services, of each logical cluster on the cluster IP of its Service kube-system/kube-dns. */
export interface ClusterDns {
  names: NameService;
  /** The same load balancers, but that this serves the Services kube-dns. */
  serving(balancers: LoadBalancers): LoadBalancers;
  /**
   * Returns where a logical cluster is answered for; waits a moment for it at the start. Undefined where nobody can
   * listen.
   */
  addressOf(cluster: string): Promise<string | undefined>;
  close(): Promise<void>;
}

interface Serving {
  ref: ServiceRef;
  address: string;
  listener: DnsListener;
}

/** Says how long a first Pod waits for its cluster's Service to be served, in milliseconds. */
const patienceMs = 3_000;
const stepMs = 20;

/** The Service that clients know cluster DNS by. */
const isKubeDns = ({ namespace, name }: ServiceRef): boolean =>
  namespace === 'kube-system' && name === 'kube-dns';

/** One with a selector, or without an address, is somebody else's DNS: it is served like any Service. */
const isOurs = (ref: ServiceRef, { spec }: Service): boolean =>
  isKubeDns(ref) && !Object.keys(spec?.selector ?? {}).length && isIP(spec?.clusterIP ?? '') !== 0;

export function openClusterDns(options: DnsOptions): ClusterDns {
  const { clock, clusterAddresses, socketsAt, isOwn, port = 53 } = options;
  const names = new ClusterNames();
  const forwarder = openForwarder(options.upstreams ?? machineUpstreams());
  /** By refKey(). */
  const open = new Map<string, Serving>();
  /** By logical cluster: where it is answered, or not. */
  const known = new Map<string, string | undefined>();
  /** Is what prevented it, so that it is said once. */
  const said = new Map<string, string>();

  async function serve(ref: ServiceRef, { spec }: Service): Promise<void> {
    const address = spec?.clusterIP ?? '';
    if (open.get(refKey(ref))?.address === address) return;
    await end(refKey(ref));
    await clusterAddresses?.add(address);
    const zone = () => names.zone(ref.cluster);
    const respond = createRespond({ zone, isOwn, forwarder, clock });
    const listener = await listenDns(address, port, respond, socketsAt).catch(async (error: Error) => {
      await clusterAddresses?.remove(address);
      throw error;
    });
    said.delete(refKey(ref));
    open.set(refKey(ref), { ref, address, listener });
    known.set(ref.cluster, address);
  }

  async function end(key: string): Promise<void> {
    const serving = open.get(key);
    if (!serving) return;
    open.delete(key);
    known.set(serving.ref.cluster, undefined);
    await serving.listener.close();
    await clusterAddresses?.remove(serving.address);
  }

  const serving = (inner: LoadBalancers): LoadBalancers => ({
    ...(inner.targets && { targets: inner.targets }),
    async ensure(ref, service, endpoints, say) {
      if (!isOurs(ref, service)) {
        await end(refKey(ref));
        const address = service.spec?.clusterIP ?? '';
        if (isKubeDns(ref)) known.set(ref.cluster, isIP(address) ? address : undefined);
        return inner.ensure(ref, service, endpoints, say);
      }
      await inner.remove(ref);
      try {
        await serve(ref, service);
      } catch (error) {
        known.set(ref.cluster, undefined);
        const { code, message } = error as NodeJS.ErrnoException;
        const why = words[code ?? ''] ?? message;
        if (said.get(refKey(ref)) !== why)
          say?.(`cluster DNS does not answer on ${service.spec?.clusterIP}: ${why}`, 'ClusterDNSNotServed');
        said.set(refKey(ref), why);
      }
      return [];
    },
    async remove(ref) {
      await end(refKey(ref));
      await inner.remove(ref);
    },
    ...(inner.expect && { expect: (cluster, services) => inner.expect!(cluster, services) }),
    list: async () => [...(await inner.list()), ...[...open.values()].map(({ ref }) => ref)],
  });

  return {
    names,
    serving,
    async addressOf(cluster) {
      for (const until = clock.now() + patienceMs; !known.has(cluster) && clock.now() < until; )
        await clock.sleep(stepMs);
      return known.get(cluster);
    },
    close: async () => {
      for (const key of [...open.keys()]) await end(key);
    },
  };
}

const words: Record<string, string | undefined> = table({
  EACCES: 'port 53 needs more rights (on Linux see net.ipv4.ip_unprivileged_port_start)',
  EADDRINUSE: 'another program listens there already',
  EADDRNOTAVAIL: 'this machine does not have the address',
});
