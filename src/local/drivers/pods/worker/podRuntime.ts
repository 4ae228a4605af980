import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { badRequest } from '../../../../shared/errors/common.ts';
import type { Pod } from '../../../../shared/kinds/schema/types.ts';
import { type BackOffPolicy, kubeletBackOff } from '../../../../shared/podspec/backOff.ts';
import { createChangeFeed } from '../../../../shared/podspec/changeFeed.ts';
import { logTarget } from '../../../../shared/podspec/logTarget.ts';
import { isSource } from '../../../../shared/podspec/volumes.ts';
import type {
  LogOptions,
  PodRef,
  PodRuntime,
  RuntimeEventSink,
  RuntimeNode,
} from '../../../../shared/ports/cloud.ts';
import type { PodStatistics } from '../../../../shared/ports/statistics.ts';
import type { HostPorts } from '../../podNetwork.ts';
import { removeTree } from '../native/removeTree.ts';
import type { Sandbox } from '../sandbox.ts';
import { attachTo, connectTo, runBeside, runningIn } from './guests.ts';
import { openJournal } from './journal.ts';
import { unmountBelow } from './memoryVolume.ts';
import { PodWorker } from './podWorker.ts';
import { ProbeCounts } from './probeCounts.ts';
import { newRecord, type PodRecord, runNumberIn } from './records.ts';
import type { WorkerDeps } from './scope.ts';
import { usagesOf } from './usages.ts';
import { VolumeUsers } from './volumeUsers.ts';

export interface PodWorkerOptions {
  /** A folder for files that are not to be written to a disk, for this runtime alone. Absent: there is no such place. */
  memory?: string;
  /** Says where Pods are written down, so that a restarted control plane finds them; for this runtime alone. */
  folder: string;
  sandbox: Sandbox;
  clock: Clock;
  /** At least one; all are this machine. */
  nodes: RuntimeNode[];
  events?: RuntimeEventSink;
  /** Absent: host ports are not served. */
  hostPorts?: HostPorts;
  /** Is what a Node uses as a whole. Absent: what its Pods use. */
  machine?: PodStatistics['node'];
  backOff?: BackOffPolicy;
  retryMs?: number;
  refreshMs?: number;
}

/** A PodRuntime that can let go of its Pods without ending them. */
export interface AdoptingPodRuntime extends PodRuntime {
  statistics: PodStatistics;
  /** Stops looking after the Pods, which go on running; the next runtime on this folder adopts them. */
  close(): Promise<void>;
}

/**
 * Runs Pods in a sandbox by kubelet's rules. Adopts what an earlier one left in the folder: running containers are
 * watched at once, half-done stops are finished, but nothing is started before ensure() says what Pods refer to.
 */
export async function openPodRuntime(options: PodWorkerOptions): Promise<AdoptingPodRuntime> {
  const { sandbox, clock, nodes } = options;
  const [machine] = nodes;
  const journal = openJournal(options.folder);
  const feed = createChangeFeed();
  const workers = new Map<string, PodWorker>();
  const removals = new Map<string, Promise<void>>();
  const probes = new ProbeCounts();
  const deps: WorkerDeps = {
    sandbox,
    clock,
    backOff: options.backOff ?? kubeletBackOff,
    retryMs: options.retryMs ?? 3000,
    refreshMs: options.refreshMs ?? 60_000,
    allocatable: machine?.capacity ?? {},
    hostIP: machine?.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1',
    memory: options.memory,
    volumeUsers: new VolumeUsers(),
    hostPorts: options.hostPorts,
    probes,
    event: (ref, event) => options.events?.(ref, event),
  };

  const removeFiles = sandbox.remove ?? ((folder: string) => removeTree(folder));
  const forget = async (ref: PodRef) => {
    const folders = [journal.folderOf(ref), ...(options.memory ? [join(options.memory, ref.uid)] : [])];
    for (const folder of folders) unmountBelow(folder);
    deps.volumeUsers.forget(ref.uid);
    for (const folder of folders.reverse()) await removeFiles(folder);
  };

  sandbox.onEnd(({ ref }) => workers.get(ref.uid)?.look());
  const { pods, broken } = journal.read();
  for (const uid of broken) {
    // Killed before its state was written down: nothing of it was started.
    const ref = { cluster: '', namespace: '', name: '', uid };
    await sandbox.teardown(ref);
    await forget(ref);
  }
  await sandbox.sweep?.(new Set(pods.map(({ ref }) => ref.uid)));
  const work = (ref: PodRef, pod: Pod, record: PodRecord) =>
    workers.set(ref.uid, new PodWorker(deps, journal, ref, pod, record, () => feed.say(ref)));
  for (const { ref, record } of pods)
    for (const folder of record.claimed ?? []) deps.volumeUsers.note(folder, ref.uid);
  for (const { ref, pod, record } of pods) work(ref, pod, record);

  async function remove(ref: PodRef): Promise<void> {
    const worker = workers.get(ref.uid);
    if (!worker) return;
    await worker.end();
    await worker.close();
    await options.hostPorts?.close(ref);
    await sandbox.teardown(ref);
    await forget(ref);
    workers.delete(ref.uid);
    probes.forget(ref);
    feed.say(ref);
  }

  return {
    nodes: () => nodes,
    async ensure(ref, pod, sources) {
      await removals.get(ref.uid);
      const known = workers.get(ref.uid);
      if (!known) {
        const record = newRecord(pod, clock.now());
        journal.savePod(ref, pod);
        journal.saveState(ref, record);
        work(ref, pod, record);
        feed.say(ref);
      }
      workers.get(ref.uid)?.ensure(pod, sources);
    },
    sourceChanged(source) {
      if (!isSource(source)) return;
      for (const worker of workers.values()) worker.sourceChanged(source);
    },
    observe: async ({ uid }) => workers.get(uid)?.observe(),
    changes: (signal) =>
      feed.listen(
        Array.from(workers.values(), ({ ref }) => ref),
        signal,
      ),
    stop: async ({ uid }, graceSeconds) => workers.get(uid)?.stop(graceSeconds * 1000),
    remove(ref) {
      const under = removals.get(ref.uid);
      if (under) return under;
      const removal = remove(ref).finally(() => removals.delete(ref.uid));
      removals.set(ref.uid, removal);
      return removal;
    },
    list: async () => Array.from(workers.values(), ({ ref }) => ref),
    logs(ref, container, logOptions: LogOptions) {
      const seen = workers.get(ref.uid)?.observe();
      if (!seen) throw badRequest(`pod "${ref.name}" is not running here`);
      const statuses = [
        ...seen.initContainerStatuses,
        ...seen.containerStatuses,
        ...(seen.ephemeralContainerStatuses ?? []),
      ];
      const id = logTarget(statuses, container, ref.name, Boolean(logOptions.previous));
      return sandbox.logs({ ref, container, number: runNumberIn(id) }, logOptions);
    },
    exec: async (ref, container, wanted) =>
      runBeside(sandbox, runningIn(workers.get(ref.uid), container), wanted),
    async attach(ref, container, wanted) {
      const run = runningIn(workers.get(ref.uid), container);
      return sandbox.attach?.(run, wanted) ?? attachTo(sandbox, run, wanted);
    },
    statistics: {
      pod: async (ref) => usagesOf(workers.get(ref.uid), sandbox, clock),
      ...(options.machine && { node: options.machine }),
    },
    probes: (ref) => probes.of(ref),
    portForward: async (ref, port) => connectTo(sandbox, workers.get(ref.uid), port),
    async close() {
      await Promise.all(Array.from(workers.values(), (worker) => worker.close()));
      await sandbox.close();
    },
  };
}
