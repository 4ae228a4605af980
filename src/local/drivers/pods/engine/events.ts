import type { Clock } from '../../../../shared/clock/clock.ts';
import type { EngineEvent } from './answers.ts';
import type { EngineClient } from './client.ts';
import { jsonLines } from './frames.ts';

export interface EventsOptions {
  client: EngineClient;
  clock: Clock;
  /** Says which events, as the engine's API takes filters. */
  filters: string;
  /** A container ended, with these labels. */
  onDie(container: string, labels: Record<string, string>): void;
  /** A command beside a container's program ended. */
  onExecEnd(container: string): void;
  /** Some may have been missed: while there was no connection, and once in a while in any case. */
  onMissed(): void;
  signal: AbortSignal;
}

const againMs = 500;
const lookMs = 10_000;

/** Follows what becomes of containers. Resolves once it does; reconnects for ever. */
export async function followEvents(options: EventsOptions): Promise<void> {
  const { clock, signal, onMissed } = options;
  let stream = await connected(options);
  void (async () => {
    while (!signal.aborted) {
      await heard(stream, options).catch(() => {});
      if (signal.aborted) return;
      await clock.sleep(againMs, signal);
      const next = await connected(options).catch(() => undefined);
      if (next) stream = next;
      onMissed();
    }
  })();
  void (async () => {
    while (!signal.aborted) {
      await clock.sleep(lookMs, signal);
      if (!signal.aborted) onMissed();
    }
  })();
}

const connected = ({ client, filters, signal }: EventsOptions) =>
  client.stream('GET', '/events', { query: { filters }, signal });

async function heard(
  stream: Awaited<ReturnType<typeof connected>>,
  { onDie, onExecEnd }: EventsOptions,
): Promise<void> {
  for await (const { Action = '', Actor } of jsonLines<EngineEvent>(stream)) {
    const { ID = '', Attributes = {} } = Actor ?? {};
    // Podman's own words stand beside those of Docker.
    if (Action === 'die' || Action === 'died') onDie(ID, Attributes);
    if (Action === 'exec_die' || Action === 'exec_died') onExecEnd(ID);
  }
}
