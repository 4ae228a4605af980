import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { News, Order } from './messages.ts';
import { PumpedRun } from './pumpedRun.ts';

/**
 * The thread that takes over what containers print. It may be kept busy, and wait for the disk, as long as it takes:
 * the API does not share it.
 */
const port = parentPort!;
const runs = new Map<number, PumpedRun>();
const tell = (news: News) => port.postMessage(news);

// On Linux that is this thread's priority alone; a flood of output comes after requests.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);

port.on('message', (order: Order) => {
  if (order.op === 'open') runs.set(order.run, new PumpedRun(order.run, order.files, tell));
  else void carryOut(order, runs.get(order.run));
});

async function carryOut(order: Exclude<Order, { op: 'open' }>, run: PumpedRun | undefined): Promise<void> {
  if (order.op === 'tell') run?.follow(order.on);
  if (order.op === 'tap') run?.tap(order.on);
  if (order.op === 'credit') run?.allow(order.bytes);
  if (order.op === 'drain') await run?.drain();
  if (order.op === 'finish') await run?.finish();
  if (order.op === 'close' || order.op === 'finish') {
    run?.close();
    runs.delete(order.run);
  }
  if ('ticket' in order) tell({ kind: 'done', ticket: order.ticket });
}
