import type { Clock } from '../../../../shared/clock/clock.ts';
import type { ExecOptions, PodProcess } from '../../../../shared/ports/cloud.ts';
import { type ExecResult, StartError } from '../sandbox.ts';
import { createEndGuests } from './endGuest.ts';
import { type EngineGuest, startExec } from './exec.ts';
import type { Engine } from './find.ts';

/** Commands beside containers' programs. Containers go by the engine's ids. */
export interface Guests {
  open(container: string, options: ExecOptions): Promise<PodProcess>;
  /** Runs a command to its end, or for `timeoutMs`: then it is killed. */
  exec(container: string, command: string[], timeoutMs: number, signal?: AbortSignal): Promise<ExecResult>;
  /** One of them has ended. */
  look(container: string): void;
  containerEnded(container: string): void;
  /** Ends all of them. */
  close(): void;
}

const outputBytes = 10 * 1024;

export function createGuests(engine: Engine, clock: Clock): Guests {
  const byContainer = new Map<string, Set<EngineGuest>>();
  const endGuest = createEndGuests(engine);
  const all = (container: string) => [...(byContainer.get(container) ?? [])];

  async function open(container: string, options: ExecOptions): Promise<EngineGuest> {
    const { client } = engine;
    const guest = await startExec({ client, clock, container, options, endGuest: endGuest(container) });
    const guests = byContainer.get(container) ?? new Set();
    byContainer.set(container, guests.add(guest));
    void guest.exitCode.then(() => {
      guests.delete(guest);
      if (!guests.size) byContainer.delete(container);
    });
    return guest;
  }

  return {
    open,
    async exec(container, command, timeoutMs, signal) {
      const options = { command, stdin: false, stdout: true, stderr: true, tty: false };
      try {
        return await finished(await open(container, options), clock, timeoutMs, signal);
      } catch (error) {
        if (error instanceof StartError) return { exitCode: 126, output: error.message };
        throw error;
      }
    },
    look: (container) => {
      for (const guest of all(container)) guest.look();
    },
    containerEnded: (container) => {
      for (const guest of all(container)) guest.containerEnded();
    },
    close: () => {
      for (const container of byContainer.keys()) for (const guest of all(container)) guest.kill();
    },
  };
}

async function finished(
  guest: EngineGuest,
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<ExecResult> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const read = async (stream: AsyncIterable<Uint8Array> | undefined) => {
    for await (const chunk of stream ?? []) {
      if (length < outputBytes) chunks.push(chunk);
      length += chunk.length;
    }
  };
  const over = new AbortController();
  const whole = Promise.all([guest.exitCode, read(guest.stdout), read(guest.stderr)]);
  const stop = AbortSignal.any([over.signal, ...(signal ? [signal] : [])]);
  const [exitCode] = await Promise.race([
    whole,
    clock.sleep(timeoutMs, stop).then((): [undefined] => [undefined]),
  ]);
  over.abort();
  if (exitCode === undefined) {
    guest.kill();
    guest.close();
  }
  const output = Buffer.concat(chunks).subarray(0, outputBytes).toString();
  return { exitCode, output };
}
