import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { ended } from '../plane.ts';

/**
 * What Headlamp's front end (frontend/src/lib/k8s of 0.30.0) asks of a cluster: requests as its `clusterRequest` sends them, and WebSockets as
 * its `connectStreamWithParams` opens them, by the fetch and the WebSocket that browsers have, in a process that trusts the server.
 */
export interface Headlamp {
  ask(method: string, path: string, body?: object, type?: string): Promise<Answer>;
  /** Opens a WebSocket and answers its messages up to the one with `last` in it. Rejects when it is closed before. */
  hear(path: string, wanted: Wanted): Promise<Heard>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind
  body: any;
}

export interface Wanted {
  last: string;
  /** Beside that of plain streams and the token. */
  protocols?: string[];
  /** Messages of a terminal, each with its channel. */
  say?: [channel: number, text: string][];
  /** What text messages hold. */
  encoding?: 'base64';
}

export interface Heard {
  /** What the server chose. */
  protocol: string;
  messages: string[];
}

/** `base`: goes before each path. `token`: what the user has entered. `authority`: the file of a certificate. */
export interface Place {
  base: string;
  token: string;
  authority: string;
}

/** What goes to the process. */
export type Call =
  | { id: number; place: Place; ask: Parameters<Headlamp['ask']> }
  | { id: number; place: Place; hear: Parameters<Headlamp['hear']> };

/** What comes from it. */
export type Result = { id: number; answer: unknown } | { id: number; error: string };

export function openHeadlamp(place: Place): Headlamp {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: place.authority };
  const child: ChildProcess = fork(join(import.meta.dirname, 'frontEnd.ts'), { env, execArgv: [] });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on('message', (result: Result) => {
    const promise = waiting.get(result.id)!;
    waiting.delete(result.id);
    if ('error' in result) promise.reject(new Error(result.error));
    else promise.resolve(result.answer);
  });
  let calls = 0;
  const call = <T>(what: { ask: Parameters<Headlamp['ask']> } | { hear: Parameters<Headlamp['hear']> }) => {
    const promise = Promise.withResolvers<unknown>();
    const id = calls++;
    waiting.set(id, promise);
    child.send({ id, place, ...what });
    return promise.promise as Promise<T>;
  };
  return {
    ask: (...ask) => call<Answer>({ ask }),
    hear: (...hear) => call<Heard>({ hear }),
    close: () => ended(child, 'SIGTERM'),
  };
}
