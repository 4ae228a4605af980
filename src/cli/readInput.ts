import { nodeFs } from '../local/drivers/nodeFs.ts';

const { readFileSync, statSync } = nodeFs;

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Reads a file that the user names. A pipe may never say anything, and while it is read nobody here can hear a signal: so
 * long each signal ends the command by itself, as it ends kubectl.
 */
export function readInput(path: string): Buffer {
  if (!statSync(path, { throwIfNoEntry: false })?.isFIFO()) return readFileSync(path);
  const heard = endings.map((signal) => [signal, process.rawListeners(signal)] as const);
  for (const signal of endings) process.removeAllListeners(signal);
  try {
    return readFileSync(path);
  } finally {
    for (const [signal, listeners] of heard)
      for (const listener of listeners) process.on(signal, listener as NodeJS.SignalsListener);
  }
}
