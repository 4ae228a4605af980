import type { Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';
import { fnv1a } from '../../../shared/meta/fnv1a.ts';

/** Says where free ports are looked for. */
const firstSpare = 20_000;
const spares = 10_000;

/** Answers the system's error code when it cannot. */
export function listen(server: Server, host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed);
      server.on('error', () => {});
      resolve(undefined);
    });
  });
}

/** Listens on a free port that `seed` chooses, so that it is the same after a restart. Answers which one. */
export async function listenSpare(server: Server, host: string, seed: string): Promise<number> {
  const start = fnv1a(seed) % spares;
  for (let i = 0; i < spares; i++) {
    const port = firstSpare + ((start + i) % spares);
    if (!(await listen(server, host, port))) return port;
  }
  throw new Error(`no free port on ${host}`);
}

const farewellMs = 1_000;

/** Requests under way may end; `cut` ends connections that stay open. */
export function closed(server: Server, cut: () => void): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(cut, farewellMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    if ('closeIdleConnections' in server) (server as HttpServer).closeIdleConnections();
  });
}

/** Says why a port cannot be had. */
export const words = (code: string): string =>
  code === 'EACCES'
    ? 'ports below 1024 need more rights (on Linux see net.ipv4.ip_unprivileged_port_start)'
    : code === 'EADDRNOTAVAIL'
      ? 'this machine has no further loopback addresses'
      : code;
