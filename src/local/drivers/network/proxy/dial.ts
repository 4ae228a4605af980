import { connect, type Socket } from 'node:net';
import type { Clock } from '../../../../shared/clock/clock.ts';
import type { ServiceEndpoint } from '../../../../shared/ports/cloud.ts';
import type { Place } from '../../podNetwork.ts';
import { type Backends, keyOf } from './backends.ts';

/** Describes whether a client may speak to an endpoint. */
export type MayJoin = (client: string, endpoint: ServiceEndpoint) => boolean;

export interface DialOptions {
  clock: Clock;
  /** Says how long a connection may wait for an endpoint that takes it, in milliseconds. */
  waitMs: number;
  /** Says whether policies let the client's address speak to the endpoint. Absent: everybody may. */
  mayJoin?: MayJoin;
  /** Says how long one endpoint may take to accept, in milliseconds. */
  connectTimeoutMs: number;
}

export interface Dialled {
  socket: Socket;
  /** `address:port`. */
  key: string;
}

/** After all endpoints refused, they are asked again at this pace, in milliseconds. */
const pace = 100;

/**
 * Connects to the next ready endpoint; one that refuses is passed over. Waits while there is none. Undefined when the
 * wait was in vain or `signal` aborted. `avoid` are endpoints to try only after the others.
 */
export async function dial(
  backends: Backends,
  client: string,
  avoid: ReadonlySet<string>,
  signal: AbortSignal,
  { clock, waitMs, connectTimeoutMs, mayJoin }: DialOptions,
): Promise<Dialled | undefined> {
  const deadline = clock.now() + waitMs;
  let tried = new Set(avoid);
  while (!signal.aborted) {
    const endpoint = backends.pick(client, tried);
    if (endpoint) {
      const key = keyOf(endpoint);
      const socket =
        mayJoin && !mayJoin(client, endpoint)
          ? undefined
          : await open(backends.placeOf(endpoint, 'tcp'), connectTimeoutMs, signal);
      if (socket) return { socket, key };
      tried.add(key);
      continue;
    }
    const left = deadline - clock.now();
    if (left <= 0) return undefined;
    await backends.changed(Math.min(left, pace), signal);
    tried = new Set();
  }
  return undefined;
}

function open(place: Place, timeoutMs: number, signal: AbortSignal): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, allowHalfOpen: true, noDelay: true });
    const settle = (result: Socket | undefined) => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      signal.removeEventListener('abort', refuse);
      if (!result) socket.on('error', () => {}).destroy();
      resolve(result);
    };
    const refuse = () => settle(undefined);
    socket.setTimeout(timeoutMs, refuse);
    socket.once('error', refuse);
    socket.once('connect', () => settle(socket));
    signal.addEventListener('abort', refuse);
  });
}
