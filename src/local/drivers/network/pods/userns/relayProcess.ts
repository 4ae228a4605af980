import type { Socket as DatagramSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { namesOf } from '../netns/names.ts';
import { openHandOver } from './handOver.ts';
import type { Message } from './messages.ts';
import { serveWayOut } from './wayOut/serve.ts';

/**
 * The process in the network of Pods: it opens sockets there and hands them to the control plane, which then accepts,
 * reads and writes by itself, and carries what Pods send to other machines. It ends with its channel, however the control
 * plane ends. Argument: the number of the network's range, where there is a link for the way out.
 */
const handOver = openHandOver({
  send: (message, handle, done) => process.send?.(message, handle, undefined, done),
});
process.on('message', (message: Message, handle) => handOver.hear(message, handle));
process.on('disconnect', () => process.exit(0));

const connectMs = 30_000;
const [, , block] = process.argv;
// One that cannot serve it ends, and is started anew.
if (block !== undefined)
  serveWayOut(
    namesOf(Number(block)),
    {
      connect: ({ address, port }) =>
        handOver.ask<Socket>({ op: 'connect', host: address, port, timeoutMs: connectMs }),
      bind: () => handOver.ask<DatagramSocket>({ op: 'bind', host: '0.0.0.0', port: 0 }),
    },
    () => process.exit(1),
  );
