import type { LocalConfig } from '../../local/config.ts';
import type { Running } from './index.ts';

/** Starts the control plane in this process. */
export async function startInProcess(config: LocalConfig, log: (line: string) => void): Promise<Running> {
  const { startLocal } = await import('../../local/index.ts');
  return startLocal(config, { say: log, warn: log });
}
