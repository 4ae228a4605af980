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
  /**
   * Says how long it may wait where endpoints are ready and none takes it, as while those are going and news of others is on its way.
   * Absent: as long as where none is ready.
   */
  refusedMs?: number;
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

/** Says why there is no connection. */
export interface Undialled {
  why: string;
}

/** After all endpoints refused, they are asked again at this pace; where there is none, news comes by itself. Milliseconds. */
const pace = 100;
const slowPace = 1_000;

/**
 * Connects to the next ready endpoint; one that refuses is passed over. Waits while there is none, longer where the Service
 * sleeps and is woken. Gives up when the wait was in vain or `signal` aborted. `avoid` are endpoints to try only after the
 * others.
 */
export async function dial(
  backends: Backends,
  client: string,
  avoid: ReadonlySet<string>,
  signal: AbortSignal,
  { clock, waitMs, refusedMs = waitMs, connectTimeoutMs, mayJoin, wakesNothing }: DialOptions,
): Promise<Dialled | Undialled> {
  const longest = clock.now() + refusedMs;
  let lastReady = clock.now();
  let waiting: Waiting | undefined;
  let tried = new Set(avoid);
  /** Why those of this round did not take it, by key. */
  let refusals = new Map<string, string>();
  const deadline = () =>
    Math.max(backends.hasReady ? longest : Math.min(lastReady, longest) + waitMs, waiting?.deadline ?? 0);
  try {
    for (let isLast = false; !signal.aborted; ) {
      const endpoint = backends.pick(client, tried);
      if (endpoint) {
        const key = keyOf(endpoint);
        if (mayJoin && !mayJoin(client, endpoint)) refusals.set(key, 'no policy lets this client');
        else
          try {
            const place = backends.placeOf(endpoint, 'tcp');
            const patience = { timeoutMs: connectTimeoutMs, signal, allowHalfOpen: true as const };
            return { socket: await connectTo(place, patience), key };
          } catch (error) {
            refusals.set(key, refusalOf(error as NodeJS.ErrnoException));
          }
        tried.add(key);
        continue;
      }
      if (isLast) break;
      if (backends.hasReady) lastReady = clock.now();
      else if (!wakesNothing) waiting ??= backends.use?.wait();
      const left = deadline() - clock.now();
      // However long the endpoints took: news that came meanwhile is heard before it is too late, but nobody asked again.
      await backends.changed(Math.min(left > 0 ? left : pace, backends.hasReady ? pace : slowPace), signal);
      isLast = deadline() <= clock.now();
      if (left > 0) refusals = new Map();
      tried = new Set(refusals.keys());
    }
    const why = [...refusals].map(([key, refusal]) => `${key}: ${refusal}`).join(', ');
    return { why: why || 'none is ready' };
  } finally {
    waiting?.leave();
  }
}

const refusalOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ECONNREFUSED' ? 'connection refused' : code === 'ETIMEDOUT' ? 'timed out' : message;
