import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../shared/clock/systemClock.ts';
import type { Cloud, PodRuntime, RuntimeEventSink } from '../shared/ports/cloud.ts';
import type { Reach } from '../shared/ports/reach.ts';
import { imageMapIn, type LocalConfig } from './config.ts';
import type { Images } from './drivers/images/index.ts';
import type { Support } from './drivers/pods/native/index.ts';

/** The cloud ports as this machine serves them. */
export interface LocalCloud extends Cloud {
  /** What runs Pods and how they are addressed: for the start-up lines. */
  explanation: string;
  serviceCidr: string;
  /** Absent where nothing runs that could be spoken to. */
  reach?: Reach;
  /** A cure for what could be there and is not: for the start-up lines. */
  remedies?: readonly string[];
  /** The lowest port on which cluster IPs answer. Absent: there is nothing to answer. */
  lowestPort?: number;
  /** Lets go of the Pods, or ends them first. */
  close(stopPods: boolean): Promise<void>;
}

const stopGraceSeconds = 10;

export const openCloud = (
  config: LocalConfig,
  folder: string,
  events: RuntimeEventSink,
): Promise<LocalCloud> =>
  config.runtime === 'fake' ? openFake(config, events) : openProcesses(config, folder, events);

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
    networkPolicies: {
      whyNot: 'Pods of this runtime are records, in which nothing runs',
      enforce: async () => {},
    },
    explanation: 'fake: Pods become ready at once, those of Jobs complete, and nothing runs',
    serviceCidr: '10.96.0.0/16',
    close: async () => closing.abort(),
  };
}

async function openProcesses(
  config: LocalConfig,
  folder: string,
  events: RuntimeEventSink,
): Promise<LocalCloud> {
  const [
    { choosePodNetwork, LocalLoadBalancers, openHostPorts },
    { openProcessPods },
    { openLocalVolumes },
    { openHttpReach },
    { openClusterDns },
    { LocalIngresses },
  ] = await Promise.all([
    import('./drivers/network/index.ts'),
    import('./drivers/pods/index.ts'),
    import('./drivers/volumes/index.ts'),
    import('./drivers/reach/index.ts'),
    import('./drivers/dns/index.ts'),
    import('./drivers/ingresses/index.ts'),
  ]);
  const native = config.runtime === 'process' ? undefined : await openNative(config, folder);
  const network = await choosePodNetwork({ prefer: config.podNetwork, folder: join(folder, 'network') });
  const nodeAddresses = [...new Set(['127.0.0.1', network.nodeAddress])];
  const { balancerCidr, clusterAddresses, serviceCidr } = network;
  const dns = openClusterDns({
    clock: systemClock,
    isOwn: (address) => network.isOwn(address),
    ...(clusterAddresses && { clusterAddresses }),
  });
  const pods = await openProcessPods({
    folder: join(folder, 'pods'),
    imageMap: imageMapIn(folder),
    network: network.pods,
    clusterDns: (cluster) => dns.addressOf(cluster),
    nodeAddress: network.nodeAddress,
    hostPorts: openHostPorts(nodeAddresses, systemClock, network.policies.allows),
    nodeNames: nodeNames(hostname().toLowerCase(), config.nodes),
    clock: systemClock,
    events,
    ...(native && 'images' in native && { native }),
  });
  const loadBalancers = new LocalLoadBalancers({
    clock: systemClock,
    balancerCidr,
    clusterAddresses,
    nodeAddresses,
    allows: network.policies.allows,
  });
  const ingresses = new LocalIngresses({ clock: systemClock, balancerCidr });
  network.onPodGone?.((address) => {
    loadBalancers.podGone(address);
    void ingresses.podGone(address);
  });
  return {
    pods,
    loadBalancers: dns.serving(loadBalancers),
    names: dns.names,
    networkPolicies: network.policies,
    ingresses,
    statistics: pods.statistics,
    reach: openHttpReach({ isOwnLoopback: (address) => network.isOwnLoopback?.(address) ?? false }),
    volumes: openLocalVolumes({ folder: join(folder, 'volumes') }),
    explanation: `${whatRuns(native)}; ${network.explanation}`,
    serviceCidr,
    lowestPort: network.lowestPort,
    ...(network.kind === 'netns' &&
      network.policies.whyNot && {
        remedies: [`policies      NetworkPolicies are not enforced: ${network.policies.whyNot}`],
      }),
    close: async (stopPods) => {
      await dns.close();
      await ingresses.close();
      for (const service of await loadBalancers.list()) await loadBalancers.remove(service);
      if (stopPods) await stopAll(pods);
      await pods.close();
      await network.close();
    },
  };
}

/** The first Node has the machine's name, others have a number behind it. */
const nodeNames = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => (i === 0 ? first : `${first}-${i + 1}`));

type Native = { images: Images; support: Support } | { why: string };

/** Containers of their own root file systems, or why this machine has none. Throws where they were asked for by name. */
async function openNative({ runtime, registryMirrors }: LocalConfig, folder: string): Promise<Native> {
  const [{ findSupport }, { containersFolder, imagesIn, rootsInUseIn }] = await Promise.all([
    import('./drivers/pods/native/index.ts'),
    import('./images.ts'),
  ]);
  try {
    const support = await findSupport(
      containersFolder(folder),
      process.env.PATH ?? '',
      process.getuid?.() === 0,
    );
    const images = imagesIn(folder, registryMirrors);
    // What a pull that was interrupted left, and roots of images that have been replaced.
    void rootsInUseIn(folder).then(images.prune);
    return { images, support };
  } catch (error) {
    const why = (error as Error).message;
    if (runtime === 'native') throw new Error(`--runtime native does not work on this machine: ${why}`);
    return { why };
  }
}

function whatRuns(native: Native | undefined): string {
  if (!native) return 'host processes';
  if ('why' in native) return `host processes, as containers do not work here (${native.why})`;
  const { missing } = native.support;
  const without = missing.length ? `, with ${missing.join(' and ')}` : '';
  return `containers with root file systems of their own${without}`;
}

/** Ends every Pod as a deletion would, and forgets it: the next start runs it anew. */
async function stopAll(pods: PodRuntime): Promise<void> {
  await Promise.all(
    (await pods.list()).map(async (ref) => {
      await pods.stop(ref, stopGraceSeconds);
      while ((await pods.observe(ref))?.stopped === false) await systemClock.sleep(20);
      await pods.remove(ref);
    }),
  );
}
