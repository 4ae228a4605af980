import type { PodProcess } from '../../../cloud/provider.ts';
import { writeTo } from '../../../streams/write.ts';
import type { Remote, RemoteEvents } from './remote.ts';

/** Joins a command with whoever asked for it, to the end of either. */
export async function joined(
  start: () => Promise<PodProcess>,
  meet: (events: RemoteEvents) => Remote | Promise<Remote>,
): Promise<void> {
  const starting = start();
  // What comes before it runs waits; what comes for one that never ran goes nowhere.
  const running = starting.catch(() => undefined);
  const remote = await meet({
    input: async (bytes) => {
      const { stdin } = (await running) ?? {};
      if (stdin) await writeTo(stdin, bytes);
    },
    inputEnd: () => void running.then((process) => process?.stdin?.end()),
    resize: (columns, rows) => void running.then((process) => process?.resize?.(columns, rows)),
    gone: () => void running.then((process) => process?.close()),
  });
  try {
    const process = await starting;
    const send = async (stream: 'stdout' | 'stderr') => {
      for await (const bytes of process[stream] ?? []) await remote.write(stream, bytes);
    };
    const [code] = await Promise.all([process.exitCode, send('stdout'), send('stderr')]);
    remote.finish(code);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    remote.finish(undefined, `Internal error occurred: error executing command in container: ${why}`);
  }
}
