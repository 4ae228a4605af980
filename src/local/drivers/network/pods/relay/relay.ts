import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { moduleFile } from '../../../moduleFile.ts';
import type { Sockets } from '../../../podNetwork.ts';
import { backoff } from './backoff.ts';
import { type HandOver, openHandOver } from './handOver.ts';
import type { Message, WayOutState } from './messages.ts';

/** Opens sockets in the network of Pods by a process that lives there, and carries what they send to other machines. */
export interface Relay extends Sockets {
  /** Has the process run. Whoever asks for a socket does so too. */
  start(): void;
  close(): void;
}

export interface RelayOptions {
  /** Is the number of the network's range, where there is a link for the way out. */
  block?: number;
  /** Is told why Pods reach no other machine, once each time that they no longer do. */
  warn?: ((line: string) => void) | undefined;
}

/** Runs it behind the command line that enters that network, and anew should it end: ever later, where it ends at once. */
export function openRelay(enter: readonly string[], { block, warn }: RelayOptions): Relay {
  const file = fileURLToPath(moduleFile('relayProcess', import.meta.url));
  const options = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'];
  const [program = '', ...args] = [...enter, process.execPath, ...options, file];
  const { after } = backoff();
  let isClosed = false;
  let hasWarned = false;
  let running: { child: ChildProcess; handOver: HandOver } | undefined;
  const lost = (why: string) => {
    if (!hasWarned && block !== undefined) warn?.(`Pods do not reach other machines: ${why}`);
    hasWarned = true;
  };
  const start = (): HandOver => {
    if (running) return running.handOver;
    const since = performance.now();
    const child = spawn(program, [...args, ...(block === undefined ? [] : [String(block)])], {
      env: {},
      cwd: '/',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // Of this process alone: what an earlier one asked for is not the next one's to get.
    const handOver = openHandOver({
      send: (message, handle, done) => {
        if (child.connected) child.send(message, handle, done);
        else done(new Error('not connected'));
      },
    });
    running = { child, handOver };
    child.unref();
    child.channel?.unref();
    child.on('message', (message: Message | WayOutState, handle) => {
      if (!('noWayOut' in message)) handOver.hear(message, handle);
      else if (message.noWayOut === null) hasWarned = false;
      else lost(message.noWayOut);
    });
    child.on('error', () => {});
    child.once('close', (code, signal) => {
      handOver.end();
      if (isClosed) return;
      lost(`the process that carries what they send ended with ${signal ?? code}; it is started anew`);
      setTimeout(
        () => {
          running = undefined;
          if (!isClosed) start();
        },
        after(performance.now() - since),
      ).unref();
    });
    return handOver;
  };

  return {
    connect: (to) => start().ask<Socket>({ op: 'connect', ...to }),
    listen: (at) => start().ask<Server>({ op: 'listen', ...at }),
    bind: (at) => start().ask<DatagramSocket>({ op: 'bind', ...at }),
    start,
    close() {
      isClosed = true;
      running?.child.kill('SIGKILL');
    },
  };
}
