import type { Socket as DatagramSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { namesOf } from '../netns/names.ts';
import { backoff } from './backoff.ts';
import { openHandOver } from './handOver.ts';
import type { Message, WayOutState } from './messages.ts';
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
const { after } = backoff();
const tell = (state: WayOutState) => process.send?.(state, undefined, undefined, () => {});

/** Whatever else it does goes on where it cannot: that is tried again. */
function tryWayOut(number: number): void {
  serveWayOut(namesOf(number), {
    connect: ({ address, port }) =>
      handOver.ask<Socket>({ op: 'connect', host: address, port, timeoutMs: connectMs }),
    bind: () => handOver.ask<DatagramSocket>({ op: 'bind', host: '0.0.0.0', port: 0 }),
  }).then(
    () => tell({ noWayOut: null }),
    ({ message }: Error) => {
      tell({ noWayOut: message });
      setTimeout(tryWayOut, after(0), number);
    },
  );
}
if (block !== undefined) tryWayOut(Number(block));
