import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port of the loopback interface that was free a moment ago. It is below those that systems give for port 0 and to
 * outgoing connections, and below node ports: another test takes it only by asking here, while it is not listened on.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) return port;
  }
}

/** Whether nothing listens on it on the loopback interface. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
