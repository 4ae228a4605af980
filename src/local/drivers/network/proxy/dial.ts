import type { Socket } from 'node:net';
import type { Clock } from '../../../../shared/clock/clock.ts';
import type { ServiceEndpoint } from '../../../../shared/ports/cloud.ts';
import { connectTo } from '../../sockets.ts';
import type { Waiting } from '../demand/serviceUse.ts';
import { type Backends, keyOf } from './backends.ts';

/** Describes whether a client may speak to an endpoint. */
export type MayJoin = (client: string, endpoint: ServiceEndpoint) => boolean;

export interface DialOptions {
  clock: Clock;
  /** Says how long a connection may wait for an endpoint that takes it, in milliseconds. */
  waitMs: number;
  /** Says whether policies let the client's address speak to the endpoint. Absent: everybody may. */
  mayJoin?: MayJoin;
  /** A Service that sleeps is not woken, nor waited for. */
  wakesNothing?: true;
  /** Says how long one endpoint may take to accept, in milliseconds. */
  connectTimeoutMs: number;
}

export interface Dialled {
  socket: Socket;
  /** `address:port`. */
  key: string;
}

/** After all endpoints refused, they are asked again at this pace; where there is none, news comes by itself. Milliseconds. */
const pace = 100;
const slowPace = 1_000;

/**
 * Connects to the next ready endpoint; one that refuses is passed over. Waits while there is none, longer where the Service
 * sleeps and is woken. Undefined when the wait was in vain or `signal` aborted. `avoid` are endpoints to try only after the
 * others.
 */
export async function dial(
  backends: Backends,
  client: string,
  avoid: ReadonlySet<string>,
  signal: AbortSignal,
  { clock, waitMs, connectTimeoutMs, mayJoin, wakesNothing }: DialOptions,
): Promise<Dialled | undefined> {
  const soonest = clock.now() + waitMs;
  let waiting: Waiting | undefined;
  let tried = new Set(avoid);
  const deadline = () => Math.max(soonest, waiting?.deadline ?? 0);
  try {
    while (!signal.aborted) {
      const endpoint = backends.pick(client, tried);
      if (endpoint) {
        const key = keyOf(endpoint);
        const socket =
          mayJoin && !mayJoin(client, endpoint)
            ? undefined
            : await connectTo(backends.placeOf(endpoint, 'tcp'), {
                timeoutMs: connectTimeoutMs,
                signal,
                allowHalfOpen: true,
              }).catch(() => undefined);
        if (socket) return { socket, key };
        tried.add(key);
        continue;
      }
      if (!backends.hasReady && !wakesNothing) waiting ??= backends.use?.wait();
      const left = deadline() - clock.now();
      if (left <= 0) return undefined;
      await backends.changed(Math.min(left, backends.hasReady ? pace : slowPace), signal);
      tried = new Set();
    }
    return undefined;
  } finally {
    waiting?.leave();
  }
}
