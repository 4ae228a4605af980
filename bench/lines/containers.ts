import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, findEngine } from '../../src/local/drivers/pods/engine/index.ts';
import { startRegistry } from '../../test/support/images/registry.ts';
import { type Figure, prepareNamespace } from '../bench.ts';
import { dockerMaker } from '../containers/dockerMaker.ts';
import { archiveFile, benchImage } from '../containers/images.ts';
import type { Maker } from '../containers/maker.ts';
import { memoryOf, processes } from '../containers/memory.ts';
import { podMaker } from '../containers/podMaker.ts';
import { seconds } from '../containers/seconds.ts';
import { LoadClient, percentile } from '../load.ts';
import type { Plane, PlaneOptions } from '../plane.ts';

const loaded = 'shallop-bench-loaded:1';
const manyPods = 20;
const singles = 7;

/** Runs something against a control plane of its own. */
type WithPlane = (use: (plane: Plane) => Promise<void>, options: PlaneOptions) => Promise<void>;

/** What one way to have containers took; of images only where they are its own. */
interface Taken {
  oneMs: number;
  manyMs: number;
  mebibytesEach: number;
  pulledPerSecond?: number;
  loadedPerSecond?: number;
}

/** Native Pods, Pods that are host processes, Pods in an engine, and that engine's own containers of the same images, one after the other. */
export async function containers(withPlane: WithPlane, scale: number) {
  const engine = await findEngine(process.env).catch((error: Error) => error.message);
  if (typeof engine === 'string') process.stderr.write(`  without an engine beside: ${engine}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'shallop-bench-images-'));
  const registry = await startRegistry();
  try {
    const files = Math.max(10, Math.round(2000 * scale));
    const first = await benchImage(1, files);
    registry.push('pulled:1', first.image);
    const images: Images = {
      ...{ pulled: `${registry.host}/pulled:1`, mebibytes: first.mebibytes },
      archive: await archiveFile(folder, loaded, await benchImage(2, files)),
    };
    const native = await ofPods(withPlane, 'native', images);
    const asProcesses = await ofProcesses(withPlane, folder);
    const theirs = typeof engine === 'string' ? undefined : await ofEngine(engine, images);
    const inEngine = theirs && (await ofPods(withPlane, 'engine', images));
    const name = typeof engine === 'string' ? 'an engine' : `${engine.kind} ${engine.version}`;
    return { figures: figuresOf(native, asProcesses, inEngine, theirs), opponent: name };
  } finally {
    try {
      if (typeof engine !== 'string') await dockerMaker(engine).forget([`${registry.host}/pulled:1`, loaded]);
    } finally {
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

interface Images {
  /** A name in a registry. */
  pulled: string;
  /** An archive of an image that is named `loaded`. */
  archive: string;
  /** Of each, unpacked. */
  mebibytes: number;
}

async function ofPods(withPlane: WithPlane, runtime: 'native' | 'engine', images: Images): Promise<Taken> {
  let taken: Taken | undefined;
  await withPlane(
    async (plane) => {
      const client = new LoadClient(plane.kubeconfig);
      await prepareNamespace({ client, scale: 1, id: runtime });
      const maker = podMaker(plane, client);
      // An engine's images are its own, and there by now.
      const rates = runtime === 'native' ? await ratesOf(maker, images) : {};
      taken = { ...rates, ...(await startsOf(maker)) };
      client.close();
    },
    { runtime },
  );
  return taken!;
}

/** Pods that are programs of this machine, with a network each. */
async function ofProcesses(withPlane: WithPlane, folder: string): Promise<Taken> {
  const path = join(folder, 'sleeper');
  mkdirSync(path);
  writeFileSync(join(path, 'shallop.json'), JSON.stringify({ command: ['sleep', 'infinity'] }));
  let taken: Taken | undefined;
  await withPlane(
    async (plane) => {
      const client = new LoadClient(plane.kubeconfig);
      await prepareNamespace({ client, scale: 1, id: 'process' });
      taken = await startsOf(podMaker(plane, client));
      client.close();
    },
    { runtime: 'process', images: [{ name: loaded, path }] },
  );
  return taken!;
}

async function ofEngine(engine: Engine, images: Images): Promise<Taken> {
  const maker = dockerMaker(engine);
  return { ...(await ratesOf(maker, images)), ...(await startsOf(maker)) };
}

async function ratesOf(maker: Maker, { pulled, archive, mebibytes }: Images) {
  return {
    pulledPerSecond: mebibytes / (await maker.pull(pulled)),
    loadedPerSecond: mebibytes / (await maker.load(archive)),
  };
}

async function startsOf(maker: Maker) {
  const singleMs: number[] = [];
  // The first one of all finds nothing ready, and does not count.
  for (let i = 0; i <= singles; i++) {
    const name = `shallop-bench-one-${i}`;
    try {
      const took = await seconds(() => maker.start(loaded, [name]));
      if (i > 0) singleMs.push(took * 1000);
    } finally {
      await maker.remove([name]);
    }
  }
  const names = Array.from({ length: manyPods }, (_, i) => `shallop-bench-many-${i}`);
  const before = processes();
  try {
    const manyMs = (await seconds(() => maker.start(loaded, names))) * 1000;
    const mebibytesEach = memoryOf(await maker.marks(names), before) / manyPods;
    return { oneMs: percentile(singleMs, 0.5), manyMs, mebibytesEach };
  } finally {
    await maker.remove(names);
  }
}

function figuresOf(
  native: Taken,
  asProcesses: Taken,
  inEngine: Taken | undefined,
  theirs: Taken | undefined,
): Figure[] {
  const row = (what: string, unit: string, ours?: number, other?: number, atMost?: number): Figure[] =>
    ours === undefined
      ? []
      : [
          {
            ...{ what, unit, measured: rounded(ours) },
            ...(other !== undefined && { reference: rounded(other) }),
            ...(atMost && { goal: { atMost } }),
          },
        ];
  return [
    ...row('a native Pod Running, image there, p50', 'ms', native.oneMs, theirs?.oneMs, 60),
    ...row('a Pod that is a host process Running, p50', 'ms', asProcesses.oneMs, undefined, 30),
    ...row('a Pod in the engine Running, image there, p50', 'ms', inEngine?.oneMs, theirs?.oneMs, 500),
    ...row(`${manyPods} native Pods Running`, 'ms', native.manyMs, theirs?.manyMs),
    ...row(`${manyPods} Pods that are host processes Running`, 'ms', asProcesses.manyMs),
    ...row(`${manyPods} Pods in the engine Running`, 'ms', inEngine?.manyMs, theirs?.manyMs),
    ...row('memory of a native Pod', 'MiB', native.mebibytesEach, theirs?.mebibytesEach),
    ...row('pull, of what is unpacked', 'MiB/s', native.pulledPerSecond, theirs?.pulledPerSecond),
    ...row('image load, the same', 'MiB/s', native.loadedPerSecond, theirs?.loadedPerSecond),
  ];
}

const rounded = (value: number): number => Number(value.toPrecision(3));
