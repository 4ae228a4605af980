import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AdoptingPodRuntime,
  openProcessPods,
  type ProcessPodsOptions,
} from '../../src/local/drivers/pods/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { ConfigMap, Pod, PodSpec, Secret } from '../../src/shared/kinds/schema/types.ts';
import type { PodObservation, PodRef, PodSources, RuntimeEvent } from '../../src/shared/ports/cloud.ts';
import { addPrograms } from './programs.ts';
import { trivialNetwork } from './trivialNetwork.ts';

/** A process runtime in a temporary folder, with objects its Pods may refer to. */
export interface Bench {
  folder: string;
  runtime: AdoptingPodRuntime;
  configMaps: Record<string, ConfigMap>;
  secrets: Record<string, Secret>;
  sources: PodSources;
  events: RuntimeEvent[];
  /** Ensures a Pod whose containers are shell programs: `{ c: 'echo x' }` or whole containers. */
  run(spec: Partial<PodSpec>, uid?: string): Promise<PodRef>;
  /** Ensures a Pod as before, as a control plane does that has been started again. */
  ensureAgain(ref: PodRef): Promise<void>;
  until(ref: PodRef, fits: (seen: PodObservation) => unknown): Promise<PodObservation>;
  logs(ref: PodRef, container?: string): Promise<string>;
  /** Another control plane on the same folder; the old one has let go. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** What every runtime of a bench is opened with. */
export type BenchOptions = Pick<
  ProcessPodsOptions,
  'clock' | 'folder' | 'nodeNames' | 'backOff' | 'retryMs' | 'refreshMs' | 'events'
>;

export async function openBench(
  native?: ProcessPodsOptions['native'],
  parent = tmpdir(),
  network: Pick<ProcessPodsOptions, 'network' | 'reached' | 'refreshMs'> = { network: trivialNetwork() },
): Promise<Bench> {
  return benchOn(parent, async (options, folder) => {
    const imageMap = join(folder, 'images.json');
    await addPrograms(imageMap, folder);
    return openProcessPods({ ...options, imageMap, ...network, ...(native && { native }) });
  });
}

/** Returns the folders of the runs of a Pod's container `c`, below that of the bench. */
export const runsOf = ({ folder }: Pick<Bench, 'folder'>, { uid }: PodRef): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    new RegExp(`/${uid}/c/\\d+$`).test(path),
  );

/** A bench of any runtime, in a folder of its own below `parent`. */
export async function benchOn(
  parent: string,
  openRuntime: (options: BenchOptions, folder: string) => Promise<AdoptingPodRuntime>,
): Promise<Bench> {
  const folder = mkdtempSync(join(parent, 'shallop-bench-'));
  const open = () =>
    openRuntime(
      {
        clock: systemClock,
        folder: join(folder, 'data'),
        nodeNames: ['test'],
        backOff: { baseMs: 100, maxMs: 3000 },
        retryMs: 100,
        refreshMs: 100,
        events: (_, event) => bench.events.push(event),
      },
      folder,
    );
  let serial = 0;
  const asked = new Map<string, Pod>();
  const bench: Bench = {
    folder,
    runtime: await open(),
    configMaps: {},
    secrets: {},
    events: [],
    sources: {
      configMap: async (name) => bench.configMaps[name],
      secret: async (name) => bench.secrets[name],
      services: async () => [
        {
          metadata: { name: 'kubernetes', namespace: 'default' },
          spec: { clusterIP: '10.0.0.1', ports: [{ port: 443 }] },
        },
      ],
      token: async (account) => `token of ${account}`,
      clusterCa: () => 'PEM',
    },
    async run(spec, uid = `uid-${serial++}`) {
      const ref = { cluster: 'default', namespace: 'ns', name: `pod-${uid}`, uid };
      const pod = {
        metadata: { name: ref.name, namespace: 'ns', labels: { app: 'x' } },
        spec: { containers: [], ...spec },
      };
      asked.set(uid, pod);
      await bench.runtime.ensure(ref, pod, bench.sources);
      return ref;
    },
    ensureAgain: (ref) => bench.runtime.ensure(ref, asked.get(ref.uid)!, bench.sources),
    async until(ref, fits) {
      let seen: PodObservation | undefined;
      const end = performance.now() + 90_000;
      while (performance.now() < end) {
        seen = await bench.runtime.observe(ref);
        if (seen && fits(seen)) return seen;
        await systemClock.sleep(10);
      }
      throw new Error(`never came to it: ${JSON.stringify(seen, null, 1)} ${JSON.stringify(bench.events)}`);
    },
    async logs(ref, container = 'c') {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bench.runtime.logs(ref, container, {})) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    },
    async restart() {
      await bench.runtime.close();
      bench.runtime = await open();
    },
    async close() {
      const { runtime } = bench;
      for (const ref of await runtime.list()) await runtime.remove(ref);
      await runtime.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}
