import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalConfig } from './config.ts';
import { replaceFile } from './datafolder/index.ts';
import { readablePortError } from './portError.ts';
import { listen, type Transport, type TransportOptions } from './transport/index.ts';

const usual = 6443;

/**
 * Decides on the port: the one asked for, else the one this data folder was served on before, so that kubeconfigs stay
 * good, else 6443 or, where that is taken, any free one.
 */
export async function openPort({ port }: Pick<LocalConfig, 'port'>, folder: string) {
  const file = join(folder, 'port');
  const before = Number(await readFile(file, 'utf8').catch(() => '')) || undefined;
  const candidates = port !== undefined ? [port] : [before ?? usual, 0];
  return {
    listen: async (options: Omit<TransportOptions, 'port'>): Promise<Transport> => {
      const transport = await firstFree(candidates, options);
      try {
        if (transport.port !== before) await replaceFile(file, `${transport.port}\n`);
      } catch (error) {
        // A disk that is full, for example: nobody knows of the transport yet, and it would go on listening.
        await transport.close();
        throw error;
      }
      return transport;
    },
  };
}

async function firstFree(ports: number[], options: Omit<TransportOptions, 'port'>): Promise<Transport> {
  for (const port of ports) {
    try {
      return await listen({ ...options, port });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port === ports.at(-1))
        throw readablePortError(error, { port, bind: options.bind, flag: '--port' });
    }
  }
  throw new Error('no port to serve on');
}
