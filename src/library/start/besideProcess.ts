// The process in which `process: 'beside'` runs the control plane: a program of its own, found by this name. Its parent sends
// it the options and hears of the start; when the parent lets go of the channel, or dies, it stops.
import { rm } from 'node:fs/promises';
import { keepHeapSmall } from '../../local/heap.ts';
import type { Answer } from './beside.ts';
import type { Order } from './index.ts';
import { startInProcess } from './inProcess.ts';

keepHeapSmall();
// Ctrl-C goes to the whole group of a terminal; what ends this process is the end of its parent.
process.on('SIGINT', () => {});

const tell = (answer: Answer) => void (process.connected && process.send?.(answer));
const abandoned = Promise.withResolvers<void>();
process.once('disconnect', abandoned.resolve);
process.once('SIGTERM', () => abandoned.resolve());

process.once('message', async (order: Order) => {
  try {
    const running = await startInProcess(order, (line) => tell({ line }));
    tell({ url: running.url });
    await abandoned.promise;
    await running.stop();
  } catch (error) {
    tell({ failure: (error as Error).message });
    process.exitCode = 1;
  }
  if (order.isTemporary) await rm(order.folder, { recursive: true, force: true });
  if (process.connected) process.disconnect();
});
