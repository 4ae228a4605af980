import { join, resolve } from 'node:path';
import type { Images } from '../images/index.ts';
import type { PodNetwork, Reached } from '../podNetwork.ts';
import { createContainers } from './native/containers.ts';
import type { Support } from './native/support.ts';
import type { Rotation } from './process/criLog.ts';
import { hostEnvironment } from './process/hostEnvironment.ts';
import { hostNode } from './process/hostNode.ts';
import { openImageMap } from './process/imageMap.ts';
import { findMemoryFolder, leaveMemoryFolder } from './process/memoryFolder.ts';
import { createProcessSandbox } from './process/sandbox.ts';
import { machineUsage } from './process/usage.ts';
import { type FoundImage, ImageMissing } from './sandbox.ts';
import { type Departures, stopsLast } from './stopsLast.ts';
import { type AdoptingPodRuntime, openPodRuntime, type PodWorkerOptions } from './worker/podRuntime.ts';

export { addImage, listImages, removeImage } from './process/imageMap.ts';
export { unmountBelow } from './worker/memoryVolume.ts';
export type { AdoptingPodRuntime } from './worker/podRuntime.ts';

export interface ProcessPodsOptions
  extends Pick<PodWorkerOptions, 'clock' | 'events' | 'backOff' | 'retryMs' | 'refreshMs' | 'hostPorts'>,
    Pick<Departures, 'isOffered'> {
  /** Everything of the Pods stands below it; for one control plane at a time. */
  folder: string;
  /** The image map, `images.json`. */
  imageMap: string;
  network: PodNetwork;
  /** Says where a port of a Pod is reached. Absent: at its address itself. */
  reached?: Reached;
  /** The Nodes that this machine is shown as. */
  nodeNames: string[];
  /** Returns where names of a logical cluster are answered. Absent: only those of the machine are known. */
  clusterDns?(cluster: string): Promise<string | undefined>;
  /** An address of this machine that Pods reach; by default 127.0.0.1. */
  nodeAddress?: string;
  /** Is what programs see of this machine's environment; by default PATH, LANG, TZ and the like of this process. */
  hostEnv?: Record<string, string>;
  rotation?: Rotation;
  /** Images that are root file systems, and what this machine lets containers have. */
  native?: { images: Images; support: Support };
  /** Is told once of what containers are not kept from here. */
  warn?: (line: string) => void;
}

/**
 * Pods as processes of this machine: of an image that is a folder as they are, of one that is a root file system shut in
 * it. Adopts what runs of an earlier control plane on the same folder.
 */
export async function openProcessPods({
  folder,
  imageMap,
  network,
  reached,
  nodeNames,
  nodeAddress = '127.0.0.1',
  clusterDns,
  hostEnv,
  rotation,
  native,
  warn,
  isOffered,
  ...worker
}: ProcessPodsOptions): Promise<AdoptingPodRuntime> {
  const memory = findMemoryFolder(resolve(folder));
  const containers =
    native &&
    createContainers({
      ...{ support: native.support, clock: worker.clock, toolsFolder: join(folder, 'tools'), warn },
      inside: network.ofNode?.wrap,
    });
  const runtime = await openPodRuntime({
    ...worker,
    ...(memory && { memory: join(memory, 'volumes') }),
    folder: join(folder, 'pods'),
    // With several Nodes, each uses what its Pods use.
    ...(nodeNames.length === 1 && { machine: async () => machineUsage(worker.clock.now()) }),
    nodes: nodeNames.map((name) => hostNode(name, nodeAddress, folder, native ? 'native' : 'process')),
    sandbox: createProcessSandbox({
      folder: join(folder, 'containers'),
      scheme: native ? 'native' : 'process',
      image: either(openImageMap(imageMap), native?.images.find),
      ...(containers && {
        pull: native.images.pull,
        containers,
        separatesUsers: native.support.user !== undefined,
      }),
      network,
      ...(reached && { reached }),
      ...(clusterDns && { clusterDns }),
      clock: worker.clock,
      hostEnv: hostEnv ?? hostEnvironment(),
      ...(rotation && { rotation }),
      ...(memory && { memory: join(memory, 'runs') }),
    }),
  });
  const last = stopsLast(runtime, {
    ...{ clock: worker.clock, isOffered },
    leaving: (ref) => network.leaving?.(ref),
  });
  return {
    ...runtime,
    ...last,
    async close() {
      last.close();
      await runtime.close();
      containers?.close();
      if (memory) leaveMemoryFolder(memory, false);
    },
  };
}

/** Forgets what the Pods of a folder kept in memory. */
export function forgetMemoryOf(folder: string): void {
  const memory = findMemoryFolder(resolve(folder));
  if (memory) leaveMemoryFolder(memory, true);
}

type Find = (name: string) => Promise<FoundImage>;

/** A folder that somebody gave a name goes before an image of that name. */
const either =
  (first: Find, second: Find | undefined): Find =>
  async (name) => {
    try {
      return await first(name);
    } catch (error) {
      if (!second || !(error instanceof ImageMissing)) throw error;
      return second(name);
    }
  };
