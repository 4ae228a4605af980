import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { moduleFile } from '../../../moduleFile.ts';
import type { Sockets } from '../../../podNetwork.ts';
import type { Answer, Order, Wanted } from './messages.ts';

/** Opens sockets in the network of Pods by a process that lives there. */
export interface Relay extends Sockets {
  close(): void;
}

interface Waiting {
  resolve(handle: unknown): void;
  reject(error: Error): void;
}

/** Starts it behind the command line that enters that network, and anew should it end. */
export function openRelay(enter: readonly string[]): Relay {
  const waiting = new Map<number, Waiting>();
  let serial = 0;
  let isClosed = false;
  let child = start();

  function start(): ChildProcess {
    const file = fileURLToPath(moduleFile('relayProcess', import.meta.url));
    const [program = '', ...args] = [
      ...enter,
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      file,
    ];
    const fresh = spawn(program, args, { env: {}, cwd: '/', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    fresh.unref();
    fresh.channel?.unref();
    fresh.on('message', ({ id, error }: Answer, handle) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error) asked?.reject(Object.assign(new Error(error.message), { code: error.code }));
      else asked?.resolve(handle);
    });
    fresh.on('error', () => {});
    fresh.once('close', () => {
      for (const { reject } of waiting.values()) reject(ended());
      waiting.clear();
      if (!isClosed && fresh === child) child = start();
    });
    return fresh;
  }

  const ask = <T>(wanted: Wanted): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = serial++;
      waiting.set(id, { resolve: resolve as (handle: unknown) => void, reject });
      child.send({ ...wanted, id } satisfies Order, (error) => {
        if (error && waiting.delete(id)) reject(ended());
      });
    });

  return {
    connect: (to) => ask<Socket>({ op: 'connect', ...to }),
    listen: (at) => ask<Server>({ op: 'listen', ...at }),
    bind: (at) => ask<DatagramSocket>({ op: 'bind', ...at }),
    close() {
      isClosed = true;
      child.kill('SIGKILL');
    },
  };
}

const ended = () =>
  Object.assign(new Error('the process in the network of Pods has ended'), { code: 'ECONNABORTED' });
