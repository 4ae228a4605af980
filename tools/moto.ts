/** moto as a process of its own: a third opinion, stricter in places than what MiniStack says. */
import { join } from 'node:path';
import { type Emulator, startEmulator } from './ministack.ts';

const script = join(import.meta.dirname, 'moto.sh');

/** Installs it first where it is not there yet: half a minute. `run`: folder for its log. */
export const startMoto = ({ port, run }: { port: number; run: string }): Promise<Emulator> =>
  startEmulator(script, { MOTO_PORT: String(port), MOTO_RUN: run });
