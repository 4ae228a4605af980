import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

const connectMs = 10_000;

/** Connects where it runs, and hands the connection to who started it. Nothing of it is read here. */
const dialler = `
const { Socket } = require('node:net');
const tell = (message, socket) => process.send(message, socket, () => process.disconnect());
const dial = (host, next) => {
  const socket = new Socket({ allowHalfOpen: true }).pause();
  socket.once('error', next).connect(Number(process.argv[1]), host, () => tell({}, socket));
};
dial('127.0.0.1', ({ message }) => dial('::1', () => tell({ why: message })));
`;

/**
 * Connects to a port of another network's own loopback address: a process goes there and sends the connection back, so
 * that none is left between both ends.
 * @param wrap makes a command line run in that network
 * @throws an Error with why it cannot.
 */
export function dialLoopback(
  wrap: (command: string[]) => string[],
  port: number,
  env: Record<string, string>,
): Promise<Socket> {
  const [program = '', ...args] = wrap([process.execPath, '-e', dialler, `${port}`]);
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  return new Promise<Socket>((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), connectMs);
    const fail = (why: string) => reject(new Error(why));
    child.once('message', ({ why = 'the connection was lost' }: { why?: string }, socket) => {
      if (!(socket instanceof Socket)) return fail(why);
      socket.allowHalfOpen = true;
      socket.setNoDelay(true);
      resolve(socket);
    });
    child.once('error', ({ message }) => fail(message));
    child.once('close', () => {
      clearTimeout(timer);
      fail('i/o timeout');
    });
  });
}
