import type { Socket } from 'node:net';

/** A message as it goes over TCP. */
export function withLength(message: Buffer): Buffer {
  const framed = Buffer.alloc(message.length + 2);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, 2);
  return framed;
}

/** Hands over each message of a connection; nothing more is read while one is worked on. */
export function readMessages(socket: Socket, take: (message: Buffer) => Promise<void>): void {
  let held: Buffer = Buffer.alloc(0);
  let isBusy = false;
  const work = async () => {
    if (isBusy) return;
    isBusy = true;
    socket.pause();
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0) && !socket.destroyed) {
      const length = held.readUInt16BE(0);
      const message = Buffer.from(held.subarray(2, 2 + length));
      held = held.subarray(2 + length);
      await take(message);
    }
    isBusy = false;
    socket.resume();
  };
  socket.on('data', (chunk: Buffer) => {
    held = held.length ? Buffer.concat([held, chunk]) : chunk;
    work().catch(() => socket.destroy());
  });
}
