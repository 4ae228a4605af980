import type { Socket } from 'node:net';

/** Ends an endpoint's idle socket in good order; what it still says is not heard. */
export function retire(socket: Socket, limitMs: number): void {
  socket.removeAllListeners('data');
  socket.on('error', () => {});
  socket.resume();
  socket.end();
  socket.setTimeout(limitMs, () => socket.destroy());
}

/** A socket that is ending cannot be reset: Node then never closes it. */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
