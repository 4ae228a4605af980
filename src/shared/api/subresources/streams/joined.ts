import type { Writable } from 'node:stream';
import type { Clock } from '../../../clock/clock.ts';
import type { PodProcess } from '../../../ports/cloud.ts';
import { writeTo } from '../../../streams/write.ts';
import type { Remote, RemoteEvents } from './remote.ts';

/** Says how often a client is asked for a sign of life whose command takes no input just now. */
const pingMs = 5000;

/** Connects a command with the client that asked for it, until either ends. */
export async function joined(
  clock: Clock,
  start: () => Promise<PodProcess>,
  meet: (events: RemoteEvents) => Remote | Promise<Remote>,
): Promise<void> {
  const starting = start();
  // What comes before it runs waits; what comes for one that never ran goes nowhere.
  const running = starting.catch(() => undefined);
  let remote: Remote | undefined;
  const meeting = meet({
    input: async (bytes) => {
      const { stdin } = (await running) ?? {};
      if (stdin) await feed(stdin, bytes, clock, () => remote?.ping());
    },
    inputEnd: () => void running.then((process) => process?.stdin?.end()),
    resize: (columns, rows) => void running.then((process) => process?.resize?.(columns, rows)),
    gone: () => void running.then((process) => process?.close()),
  });
  remote = await meeting;
  const { write, finish } = remote;
  try {
    const process = await starting;
    const send = async (stream: 'stdout' | 'stderr') => {
      for await (const bytes of process[stream] ?? []) await write(stream, bytes);
    };
    const [code] = await Promise.all([process.exitCode, send('stdout'), send('stderr')]);
    finish(code);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    finish(undefined, `Internal error occurred: error executing command in container: ${why}`);
  }
}

/** Resolves when the command has taken it. */
async function feed(stdin: Writable, bytes: Uint8Array, clock: Clock, ping: () => void): Promise<void> {
  const taken = new AbortController();
  const taking = writeTo(stdin, bytes).then(() => taken.abort());
  while (stdin.writableNeedDrain && !taken.signal.aborted) {
    await clock.sleep(pingMs, taken.signal);
    if (!taken.signal.aborted) ping();
  }
  await taking;
}
