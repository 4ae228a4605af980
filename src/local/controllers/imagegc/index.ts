import type { Controller, ObjectKey, ReconcileContext } from '../../../shared/controllers/controller.ts';
import { nodes } from '../../../shared/controllers/resources.ts';
import type { NodeImages } from '../../../shared/ports/cloud.ts';
import { excessOf, insufficient, removable } from './plan.ts';

const all: ObjectKey = { namespace: '', name: 'images' };

/** A kubelet's ImageGCPeriod. */
const periodMs = 300_000;
/** Images are on their way here: nothing is removed before they are complete. */
const busyMs = 10_000;

/** Removes images that nobody uses when the disk of this machine is full, as a kubelet does. */
export const imageGarbageCollection: Controller = {
  group: 'pods',
  name: 'image-gc',
  isFor: ({ nodeImages }) => nodeImages !== undefined,
  defaultClusterOnly: true,
  watches: [],
  always: ({ nodeImages }) => (nodeImages ? [all] : []),
  concurrency: 1,

  async reconcile(_, ctx) {
    try {
      return { requeueAfterMs: await collect(ctx.cloud.nodeImages!, ctx) };
    } catch (error) {
      await tellNode('ImageGCFailed', (error as Error).message, ctx);
      return { requeueAfterMs: periodMs };
    }
  },
};

/** Answers after how many milliseconds to look again. */
async function collect(images: NodeImages, ctx: ReconcileContext): Promise<number> {
  const { thresholds } = images;
  const usage = await images.usage();
  if (usage.capacity <= 0) {
    const message = 'invalid capacity 0 on image filesystem';
    await tellNode('InvalidDiskCapacity', message, ctx);
    throw new Error(message);
  }
  const excess = excessOf(usage, thresholds);
  if (!excess) {
    await images.noteUse();
    await images.tidy();
    return periodMs;
  }
  const swept = await images.sweep();
  if (swept === undefined) return busyMs;
  const now = ctx.clock.now();
  const { minAgeMs } = thresholds;
  const removed: string[] = [];
  let freed = swept;
  for (const image of removable(await images.list(), { now, minAgeMs })) {
    if (freed >= excess.toFree) break;
    const size = await images.sizeOf(image);
    if (!(await images.remove(image))) continue;
    removed.push(...image.names);
    freed += size;
  }
  await images.sweep();
  if (removed.length) ctx.log.info('removed images that nobody uses', { images: removed, freed });
  if (freed < excess.toFree) {
    const message = insufficient(excess.usedPercent, usage.capacity, freed);
    await tellNode('FreeDiskSpaceFailed', message, ctx);
    throw new Error(message);
  }
  return periodMs;
}

/** Whatever Nodes there are, the disk is that of one machine: the first one is told. */
async function tellNode(
  reason: string,
  message: string,
  { client, cloud, events }: ReconcileContext,
): Promise<void> {
  const name = cloud.pods.nodes()[0]?.name ?? '';
  const node = await client.get(nodes, '', name);
  if (node) events(node, { type: 'Warning', reason, message, host: name });
}
