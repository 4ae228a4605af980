import type { Instance } from '../../local/datafolder/index.ts';
import type { Call, Io } from '../verb.ts';

/** The data folder the call speaks of, and what serves it now. */
export async function instanceOf(
  call: Call,
  io: Io,
): Promise<{ folder: string; instance: Instance | undefined }> {
  const { dataFolderOf } = await import('../../local/config.ts');
  const { runningInstance } = await import('../../local/datafolder/index.ts');
  const folder = dataFolderOf(call.text('data-dir'), io.env, io.cwd);
  return { folder, instance: await runningInstance(folder) };
}

/** The control plane of the data folder the call speaks of. Throws, saying what to do, when none runs. */
export async function running(call: Call, io: Io): Promise<{ folder: string; url: string }> {
  const { folder, instance } = await instanceOf(call, io);
  if (!instance?.url) throw new Error(`no control plane runs on ${folder}; start one with 'shallop up'`);
  return { folder, url: instance.url };
}

/** Returns where a logical cluster is served below the server's address. */
export const clusterPath = (name: string): string =>
  name === 'default' ? '' : `/clusters/${encodeURIComponent(name)}`;
