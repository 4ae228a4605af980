import { addAbortListener } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { BackendTls } from '../../../shared/ports/cloud.ts';
import type { Backends, EndpointUser } from '../network/proxy/backends.ts';
import { type Dialled, dial, type Undialled } from '../network/proxy/dial.ts';
import { nodeHttp } from '../nodeHttp.ts';
import { securedBy } from './backendTls.ts';
import { towardsProgram } from './headers.ts';

const { request: send } = nodeHttp;

/** Says how long a request waits for a Pod that is ready, and how long for one that takes it: in a rollout one is there soon. */
const waitMs = 1_000;
const refusedMs = 5_000;
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
  /** The program speaks HTTP/2. */
  isHttp2?: true;
  /** The program is spoken to over TLS. */
  tls?: BackendTls;
  /** It does not wait for a Service that sleeps, and wakes none. */
  wakesNothing?: true;
}

/** How a place is reached, whatever is said to it. */
export type Reachable = Pick<Towards, 'backends' | 'clock' | 'isHttp2' | 'tls' | 'wakesNothing'>;

/** No connection, and why. */
export interface Unconnected extends Undialled {
  /** The endpoint that did not show that it is the one that is meant. */
  key?: string;
  /** It ended the connection before it could. */
  isGone?: boolean;
}

/**
 * A connection to an endpoint that is ready, by which the client's request goes alone. `avoid` are endpoints to try only after
 * the others.
 */
export async function connected(
  client: string,
  { backends, clock, isHttp2, tls, wakesNothing }: Reachable,
  signal: AbortSignal,
  avoid: ReadonlySet<string> = new Set(),
): Promise<Dialled | Unconnected> {
  const dialled = await dial(backends, client, avoid, signal, {
    ...{ clock, waitMs, refusedMs, connectTimeoutMs },
    ...(wakesNothing && { wakesNothing }),
  });
  if (!('socket' in dialled)) return dialled;
  const { socket, key } = dialled;
  const cut = () => void socket.destroy();
  // A Pod on its way out may finish what it has begun.
  const user: EndpointUser = { endpointKey: key, drain: () => {}, cut, lost: cut };
  backends.join(user);
  socket.once('close', () => backends.leave(user));
  if (!tls) return dialled;
  const whileGreeting = addAbortListener(signal, cut);
  try {
    return { socket: await securedBy(socket, tls, isHttp2 ? 'h2' : 'http/1.1'), key };
  } catch (error) {
    socket.destroy();
    const { code, message } = error as NodeJS.ErrnoException;
    return { why: message, key, isGone: code === 'ECONNRESET' };
  } finally {
    whileGreeting[Symbol.dispose]();
  }
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
