import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { moduleFile } from '../../../moduleFile.ts';
import type { Sockets } from '../../../podNetwork.ts';
import { type HandOver, openHandOver } from './handOver.ts';
import type { Message } from './messages.ts';

/** Opens sockets in the network of Pods by a process that lives there. */
export interface Relay extends Sockets {
  close(): void;
}

/** One that cannot run here does not keep the machine busy. Milliseconds. */
const restartMs = 500;

/**
 * Starts it behind the command line that enters that network, and anew should it end. It carries what Pods send to other
 * machines where the number of the network's range is given.
 */
export function openRelay(enter: readonly string[], block?: number): Relay {
  const file = fileURLToPath(moduleFile('relayProcess', import.meta.url));
  const options = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'];
  const [program = '', ...args] = [...enter, process.execPath, ...options, file];
  let isClosed = false;
  let child: ChildProcess;
  let handOver: HandOver;
  const start = () => {
    const fresh = spawn(program, [...args, ...(block === undefined ? [] : [String(block)])], {
      env: {},
      cwd: '/',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // Of this process alone: what an earlier one asked for is not the next one's to get.
    const own = openHandOver({
      send: (message, handle, done) => {
        if (fresh.connected) fresh.send(message, handle, done);
        else done(new Error('not connected'));
      },
    });
    child = fresh;
    handOver = own;
    fresh.unref();
    fresh.channel?.unref();
    fresh.on('message', (message: Message, handle) => own.hear(message, handle));
    fresh.on('error', () => {});
    fresh.once('close', () => {
      own.end();
      if (!isClosed) setTimeout(start, restartMs).unref();
    });
  };
  start();

  return {
    connect: (to) => handOver.ask<Socket>({ op: 'connect', ...to }),
    listen: (at) => handOver.ask<Server>({ op: 'listen', ...at }),
    bind: (at) => handOver.ask<DatagramSocket>({ op: 'bind', ...at }),
    close() {
      isClosed = true;
      child.kill('SIGKILL');
    },
  };
}
