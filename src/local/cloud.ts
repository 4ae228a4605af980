import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../shared/clock/systemClock.ts';
import type { Cloud, RuntimeEventSink } from '../shared/ports/cloud.ts';
import type { Reach } from '../shared/ports/reach.ts';
import { enginePodsFolder, imageMapIn, type LocalConfig } from './config.ts';
import type { ClusterDns } from './drivers/dns/index.ts';
import { spareThisProcess } from './drivers/inherited/spared.ts';
import type { LocalNetwork } from './drivers/network/index.ts';
import type { HostPorts, Reached } from './drivers/podNetwork.ts';
import type { EnginePods } from './drivers/pods/engine/index.ts';
import { placeAt, type SocketsAt } from './drivers/sockets.ts';
import { type ChosenRuntime, chooseRuntime } from './runtimes.ts';
import { stopAll } from './stopAll.ts';
import { unknownDemand } from './unknownDemand.ts';

/** The cloud ports as this machine serves them. */
export interface LocalCloud extends Cloud {
  /** Is what runs Pods and how they are addressed: for the start-up lines. */
  explanation: string;
  serviceCidr: string;
  /** Says where images stand, for the start-up lines. Absent: there are none. */
  images?: string;
  /** Images are folders that somebody adds, and nothing else. */
  hasOnlyFolders?: boolean;
  /** Absent where nothing runs that could be spoken to. */
  reach?: Reach;
  /** Says where ports of Pods are reached. Absent: at their own addresses. */
  reached?: Reached;
  /** Says in which network addresses are. Absent: all are this machine's. */
  socketsAt?: SocketsAt;
  /** A cure for what could be there and is not: for the start-up lines. */
  remedies?: readonly string[];
  /** Each Pod has a network of its own, with every port of it. */
  hasPodNetworks?: boolean;
  /** Has the kernel end Pods before this process. Absent: it ends none of them. */
  spareThisProcess?(): void;
  /** The lowest port on which cluster IPs answer. Absent: there is nothing to answer. */
  lowestPort?: number;
  /** The lowest port on which load balancers answer. Absent: as cluster IPs. */
  lowestBalancerPort?: number;
  /** Lets go of the Pods, or ends them first. */
  close(stopPods: boolean): Promise<void>;
}

/** `warn` is told of what Pods lose while they run. */
export const openCloud = (
  config: LocalConfig,
  folder: string,
  events: RuntimeEventSink,
  warn: (line: string) => void,
): Promise<LocalCloud> =>
  config.runtime === 'fake' ? openFake(config, events) : openMachine(config, folder, events, warn);

async function openFake(config: LocalConfig, events: RuntimeEventSink): Promise<LocalCloud> {
  const [{ createFakePods }, { jobsComplete }, { fakeNode }, { FakeLoadBalancers }, { FakeVolumes }] =
    await Promise.all([
      import('../shared/fake/pods.ts'),
      import('../shared/fake/jobs.ts'),
      import('../shared/fake/fakeNode.ts'),
      import('../shared/fake/loadBalancers.ts'),
      import('../shared/fake/volumes.ts'),
    ]);
  const closing = new AbortController();
  const nodes = nodeNames('shallop', config.nodes).map((name) => fakeNode(name));
  const pods = createFakePods({
    clock: systemClock,
    events,
    signal: closing.signal,
    nodes,
    usual: jobsComplete,
  });
  return {
    pods,
    statistics: pods.statistics,
    loadBalancers: new FakeLoadBalancers(),
    volumes: new FakeVolumes(),
    demand: unknownDemand('Pods of this runtime are records, which nobody uses'),
    networkPolicies: {
      whyNot: 'Pods of this runtime are records, in which nothing runs',
      enforce: async () => {},
    },
    explanation: 'fake: Pods become ready at once, those of Jobs complete, and nothing runs',
    serviceCidr: '10.96.0.0/16',
    close: async () => closing.abort(),
  };
}

/** An engine's networks are its own. */
const ofEngine: LocalNetwork['policies'] = {
  whyNot: 'Pods have networks of their engine, in which nothing filters',
  enforce: async () => {},
};

async function openMachine(
  config: LocalConfig,
  folder: string,
  events: RuntimeEventSink,
  warn: (line: string) => void,
): Promise<LocalCloud> {
  const [
    { choosePodNetwork, LocalDemand, LocalLoadBalancers, openHostPorts },
    { openLocalVolumes },
    { openHttpReach },
    { openClusterDns },
    { LocalIngresses },
    { LocalGateways },
  ] = await Promise.all([
    import('./drivers/network/index.ts'),
    import('./drivers/volumes/index.ts'),
    import('./drivers/reach/index.ts'),
    import('./drivers/dns/index.ts'),
    import('./drivers/ingresses/index.ts'),
    import('./drivers/gateways/index.ts'),
  ]);
  const chosen = await chooseRuntime(config, folder);
  const network = await choosePodNetwork({
    prefer: config.podNetwork,
    folder: join(folder, 'network'),
    user: chosen.engine ? undefined : chosen.native?.support.user,
    runs: join(folder, 'pods'),
    withoutPods: Boolean(chosen.engine),
    warn,
  });
  const policies = chosen.engine ? ofEngine : network.policies;
  const nodeAddresses = [...new Set(['127.0.0.1', network.nodeAddress])];
  const { balancerCidr, clusterAddresses, serviceCidr, socketsAt } = network;
  const dns = openClusterDns({
    ...{ clock: systemClock, socketsAt },
    isOwn: (address) => network.isOwn(address),
    ...(clusterAddresses && { clusterAddresses }),
  });
  const reached: Reached = (host, port, protocol) =>
    pods.reached?.(host, port, protocol) ?? placeAt(socketsAt, host, port);
  const gone = (address: string) => {
    loadBalancers.podGone(address);
    void ingresses.podGone(address);
    void gateways.podGone(address);
  };
  const demand = new LocalDemand(systemClock);
  const loadBalancers = new LocalLoadBalancers({
    ...{ clock: systemClock, balancerCidr, clusterAddresses, nodeAddresses, reached, demand },
    ...{ allows: policies.allows, tellDoors: policies.tellDoors, socketsAt },
    translation: network.translation,
  });
  const ingresses = new LocalIngresses({ clock: systemClock, balancerCidr, reached, demand });
  const gateways = new LocalGateways({ clock: systemClock, balancerCidr, reached, demand });
  network.onPodGone?.(gone);
  const isOffered = async (address: string) =>
    loadBalancers.offers(address) || (await ingresses.offers(address)) || gateways.offers(address);
  const pods = await openPods(chosen, folder, {
    ...{ network, dns, events, gone, isOffered, warn },
    reached: (host, port) => placeAt(socketsAt, host, port),
    hostPorts: openHostPorts({
      ...{ nodeAddresses, clock: systemClock, reached, allows: policies.allows, socketsAt },
      nodeSockets: network.nodeSockets,
    }),
    nodeNames: nodeNames(hostname().toLowerCase(), config.nodes),
  });
  return {
    ...{ pods, demand, ingresses, gateways },
    loadBalancers: dns.serving(loadBalancers),
    names: dns.names,
    networkPolicies: policies,
    statistics: pods.statistics,
    ...{ reached, ...(socketsAt && { socketsAt }) },
    reach: openHttpReach({
      isOwnLoopback: (address) => network.isOwnLoopback?.(address) ?? false,
      reached,
    }),
    volumes: openLocalVolumes({ folder: join(folder, 'volumes') }),
    explanation: `${chosen.words}; ${chosen.engine ? engineNetwork(network) : network.explanation}`,
    images: chosen.engine
      ? `those of the engine at ${chosen.engine.client.address.name}`
      : `${imageMapIn(folder)} (shallop image add NAME FOLDER)`,
    ...(!chosen.engine && chosen.native && { nodeImages: chosen.native.nodeImages, spareThisProcess }),
    hasOnlyFolders: !chosen.engine && !chosen.native,
    serviceCidr,
    lowestPort: network.lowestPort,
    lowestBalancerPort: network.lowestBalancerPort ?? network.lowestPort,
    hasPodNetworks: Boolean(chosen.engine) || network.kind === 'netns',
    ...(network.kind === 'netns' &&
      policies.whyNot && {
        remedies: [`policies      NetworkPolicies are not enforced: ${policies.whyNot}`],
      }),
    close: async (stopPods) => {
      network.translation?.close();
      await dns.close();
      await Promise.all([ingresses.close(), gateways.close()]);
      for (const service of await loadBalancers.list()) await loadBalancers.remove(service);
      if (stopPods) await stopAll(pods);
      await pods.close();
      await network.close();
    },
  };
}

interface PodParts {
  network: LocalNetwork;
  dns: ClusterDns;
  events: RuntimeEventSink;
  hostPorts: HostPorts;
  nodeNames: string[];
  gone(address: string): void;
  isOffered(address: string): Promise<boolean>;
  reached: Reached;
  warn(line: string): void;
}

/** The runtime that was chosen, with what every runtime of this machine is given. */
async function openPods(
  chosen: ChosenRuntime,
  folder: string,
  { network, dns, events, hostPorts, nodeNames, gone, isOffered, reached, warn }: PodParts,
): Promise<EnginePods> {
  const clusterDns = (cluster: string) => dns.addressOf(cluster);
  const { nodeAddress } = network;
  const common = { clock: systemClock, events, hostPorts, nodeNames, nodeAddress, isOffered };
  if (chosen.engine) {
    const { openEnginePods } = await import('./drivers/pods/engine/index.ts');
    return openEnginePods({
      ...common,
      ...{ engine: chosen.engine, folder: enginePodsFolder(folder), gone },
      // Loopback addresses of this machine are not those of its containers.
      ...(network.clusterAddresses && { clusterDns }),
    });
  }
  const { openProcessPods } = await import('./drivers/pods/index.ts');
  return openProcessPods({
    ...common,
    ...{ folder: join(folder, 'pods'), imageMap: imageMapIn(folder), network: network.pods, clusterDns },
    ...{ reached, warn },
    ...(chosen.native && { native: chosen.native }),
  });
}

/** Returns what an engine's Pods have of this machine's network. */
const engineNetwork = ({ clusterAddresses }: LocalNetwork): string =>
  clusterAddresses
    ? "Pods have the engine's addresses, and reach cluster IPs and names"
    : "Pods have the engine's addresses; cluster IPs and names answer this machine, not Pods";

/** The first Node has the machine's name, others have a number behind it. */
const nodeNames = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => (i === 0 ? first : `${first}-${i + 1}`));
