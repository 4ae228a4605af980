import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to connections, and below node ports. */
const [first, end] = [10_000, 30_000];
const attempts = 100;

/** Returns a port that nobody listens on, at whatever address of this machine. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < attempts; i++) {
    const port = randomInt(first, end);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free between ${first} and ${end}`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
