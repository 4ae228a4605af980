import { createServer } from 'node:net';

export interface Claim {
  release(): Promise<void>;
}

/**
 * Takes a name that only one process of the machine (on Linux: of the network namespace) can hold; the system frees it
 * when the process ends, however it ends. Undefined when it is taken. Uses Linux's abstract sockets; elsewhere every
 * claim succeeds, since there no ranges are parted.
 */
export async function claim(name: string): Promise<Claim | undefined> {
  if (process.platform !== 'linux') return { release: async () => {} };
  const server = createServer((socket) => socket.destroy());
  const held = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ path: `\0shallop/${name}` }, () => resolve(true));
  });
  if (!held) return undefined;
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}
