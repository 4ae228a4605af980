/** moto as a process of its own: a third opinion, stricter in places than what MiniStack says. */
import { join } from 'node:path';
import { type Emulator, noPython, startEmulator } from './ministack.ts';

const script = join(import.meta.dirname, 'moto.sh');

/** Installs it first where it is not there yet: half a minute. `run`: folder for its log. Tasks run until they are stopped. */
export async function startMoto({ port, run }: { port: number; run: string }): Promise<Emulator> {
  const emulator = await startEmulator(script, { MOTO_PORT: String(port), MOTO_RUN: run });
  // By itself every look at a task brings it one step nearer to its end.
  const steady = { model_name: 'ecs::task', transition: { progression: 'manual', times: 1e9 } };
  await fetch(`${emulator.endpoint}/moto-api/state-manager/set-transition`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(steady),
  });
  return emulator;
}

/** Why it cannot be started here; undefined when it can. */
export const noMoto = (): string | undefined => noPython('moto');
