import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Reached } from '../../podNetwork.ts';
import { hostNode } from '../process/hostNode.ts';
import { findMemoryFolder, leaveMemoryFolder } from '../process/memoryFolder.ts';
import { machineUsage } from '../process/usage.ts';
import { type Departures, stopsLast } from '../stopsLast.ts';
import { type AdoptingPodRuntime, openPodRuntime, type PodWorkerOptions } from '../worker/podRuntime.ts';
import { type Engine, findEngine as find } from './find.ts';
import { type EngineSandboxOptions, openEngineSandbox } from './sandbox.ts';

export type { Engine } from './find.ts';
export { loadIntoEngine } from './loadImages.ts';

export interface EnginePodsOptions
  extends Pick<PodWorkerOptions, 'clock' | 'events' | 'backOff' | 'retryMs' | 'refreshMs' | 'hostPorts'>,
    Pick<EngineSandboxOptions, 'engine' | 'clusterDns' | 'gone'>,
    Pick<Departures, 'isOffered'> {
  /** Everything of the Pods that is not in the engine stands below it; for one control plane at a time. */
  folder: string;
  /** The Nodes that the engine's machine is shown as. */
  nodeNames: string[];
  /** An address of this machine that Pods reach; by default 127.0.0.1. */
  nodeAddress?: string;
}

export interface EnginePods extends AdoptingPodRuntime {
  /** Absent: every port of a Pod is reached at the Pod's address. */
  reached?: Reached;
}

/** The engine that the docker CLI of this process's user would use. Throws with why there is none. */
export const findEngine = (env: Record<string, string | undefined>): Promise<Engine> =>
  find({ env, home: env.HOME || homedir() });

/** Pods as containers of an engine. Adopts what runs of an earlier control plane on the same folder. */
export async function openEnginePods({
  engine,
  folder,
  nodeNames,
  nodeAddress = '127.0.0.1',
  clusterDns,
  gone,
  isOffered,
  ...worker
}: EnginePodsOptions): Promise<EnginePods> {
  // What is in the memory of this machine is not in that of an engine's own.
  const memory = engine.isHere ? findMemoryFolder(resolve(folder)) : undefined;
  const sandbox = await openEngineSandbox({
    ...{ engine, folder: join(folder, 'containers'), clock: worker.clock },
    ...(clusterDns && { clusterDns }),
    ...(gone && { gone }),
  });
  const isAlone = engine.isHere && nodeNames.length === 1;
  const runtime = await openPodRuntime({
    ...worker,
    ...(memory && { memory: join(memory, 'volumes') }),
    folder: join(folder, 'pods'),
    ...(isAlone && { machine: async () => machineUsage(worker.clock.now()) }),
    nodes: nodeNames.map((name) => nodeOf(engine, name, nodeAddress, folder)),
    sandbox,
  });
  const { reached } = sandbox;
  const last = stopsLast(runtime, { clock: worker.clock, isOffered });
  return {
    ...runtime,
    ...last,
    ...(reached && { reached }),
    async close() {
      last.close();
      await runtime.close();
      if (memory) leaveMemoryFolder(memory, false);
    },
  };
}

/** The engine's machine, which may be a virtual one, as a Node. */
function nodeOf(
  { kind, version, architecture, processors, memoryBytes }: Engine,
  name: string,
  address: string,
  folder: string,
) {
  const node = hostNode(name, address, folder, kind);
  return {
    ...node,
    labels: { ...node.labels, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': architecture },
    capacity: {
      ...node.capacity,
      cpu: String(processors),
      ...(memoryBytes && { memory: `${Math.floor(memoryBytes / 1024)}Ki` }),
    },
    nodeInfo: {
      ...node.nodeInfo,
      ...{ architecture, operatingSystem: 'linux', containerRuntimeVersion: `${kind}://${version}` },
    },
  };
}
