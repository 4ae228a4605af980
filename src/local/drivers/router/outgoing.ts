import { type IncomingMessage, request as send } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Backends, EndpointUser } from '../network/proxy/backends.ts';
import { dial } from '../network/proxy/dial.ts';
import { towardsProgram } from './headers.ts';

/** Says how long a request waits for a Pod that takes it: in a rollout one is there soon. */
const waitMs = 1_000;
const connectTimeoutMs = 1_000;

/** Says where a request goes, and what is changed of it. */
export interface Towards {
  backends: Backends;
  clock: Clock;
  /** The request came over TLS. */
  isSecure: boolean;
  /** The path with its query, as the program gets it. */
  path: string;
  towards(headers: string[]): string[];
  /** It does not wait for a Service that sleeps, and wakes none. */
  wakesNothing?: true;
}

/** A connection to an endpoint that is ready, by which the request goes alone. Undefined when none takes it. */
export async function connected(
  request: IncomingMessage,
  { backends, clock, wakesNothing }: Towards,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  const client = request.socket.remoteAddress ?? '';
  const dialled = await dial(backends, client, new Set(), signal, {
    ...{ clock, waitMs, connectTimeoutMs },
    ...(wakesNothing && { wakesNothing }),
  });
  if (!dialled) return undefined;
  const { socket, key } = dialled;
  const cut = () => void socket.destroy();
  // A Pod on its way out may finish what it has begun.
  const user: EndpointUser = { endpointKey: key, drain: () => {}, cut, lost: cut };
  backends.join(user);
  socket.once('close', () => backends.leave(user));
  return socket;
}

/** The request as the program gets it, on a connection of its own. */
export function asked(
  request: IncomingMessage,
  connection: Socket,
  { path, isSecure, towards }: Towards,
  upgrades: boolean,
) {
  const headers = towards(towardsProgram(request, isSecure, upgrades));
  const { method } = request;
  try {
    return send({ method, path, headers, setHost: false, createConnection: () => connection });
  } catch (error) {
    // What cannot be said in HTTP is not sent, and nobody else has the connection.
    connection.destroy();
    throw error;
  }
}
