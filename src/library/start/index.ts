import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { addImages } from '../images.ts';
import type { ShallopOptions } from '../types.ts';

/** A control plane that serves. */
export interface Running {
  url: string;
  stop(): Promise<void>;
}

/** Describes what is to be started. Plain data: it may go to another process. */
export interface Order {
  options: Pick<ShallopOptions, 'runtime' | 'port' | 'nodes' | 'podNetwork'>;
  folder: string;
  /** Says whether the folder goes with the control plane. */
  isTemporary: boolean;
}

/** Starts a control plane in this process or beside it. Rejects, leaving nothing behind, when a step fails. */
export async function start(options: ShallopOptions): Promise<Running & { folder: string }> {
  const isTemporary = options.dataFolder === undefined;
  const folder = isTemporary ? await mkdtemp(join(tmpdir(), 'shallop-')) : resolve(options.dataFolder!);
  // For a process that ends without having stopped it. One beside it cleans up itself.
  const onExit = () => rmSync(folder, { recursive: true, force: true });
  if (isTemporary && options.process !== 'beside') process.once('exit', onExit);
  const clean = async () => {
    if (!isTemporary) return;
    process.off('exit', onExit);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await addImages(folder, options.images);
    const running = await begin(options, { options: plain(options), folder, isTemporary });
    return {
      url: running.url,
      folder,
      stop: async () => {
        await running.stop().finally(clean);
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

async function begin({ process: where, log = () => {} }: ShallopOptions, order: Order): Promise<Running> {
  if (where !== 'beside') return (await import('./inProcess.ts')).startInProcess(order, log);
  return (await import('./beside.ts')).startBeside(order, log);
}

const plain = ({ runtime, port, nodes, podNetwork }: ShallopOptions): Order['options'] => ({
  runtime,
  port,
  nodes,
  podNetwork,
});
