import type { Duplex } from 'node:stream';
import type { SpdyStream } from './spdy/session.ts';

/**
 * Takes the streams of a port-forward: for each connection one of data and one to tell an error on, which have a
 * request id in common. `pod` is for the words of an error.
 */
export function forwarding(
  connect: (port: number) => Promise<Duplex>,
  pod: string,
): (stream: SpdyStream) => void {
  const alone = new Map<string, SpdyStream>();
  return (stream) => {
    const { streamtype, requestid, port: text } = stream.headers;
    const port = Number(text);
    const isKnown = streamtype === 'data' || streamtype === 'error';
    if (!isKnown || requestid === undefined || !(port > 0 && port < 65_536)) return void stream.destroy();
    const other = alone.get(requestid);
    if (!other) {
      alone.set(requestid, stream);
      stream.once('close', () => alone.get(requestid) === stream && alone.delete(requestid));
      return;
    }
    alone.delete(requestid);
    if (other.headers.streamtype === streamtype) {
      other.destroy();
      stream.destroy();
      return;
    }
    const [data, errors] = streamtype === 'data' ? [stream, other] : [other, stream];
    void forward(data, errors, () => connect(port), `error forwarding port ${port} to ${pod}`);
  };
}

async function forward(
  data: SpdyStream,
  errors: SpdyStream,
  connect: () => Promise<Duplex>,
  failed: string,
): Promise<void> {
  errors.resume();
  let socket: Duplex;
  try {
    socket = await connect();
  } catch (error) {
    errors.end(`${failed}: ${error instanceof Error ? error.message : error}`);
    data.destroy();
    return;
  }
  // The client waits for the end of both before it lets a connection go.
  const over = () => {
    if (!data.writableEnded) data.destroy();
    errors.end();
  };
  // A tunnel that connects at its far end hears only afterwards that nobody listens there.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') errors.end(`${failed}: ${error.message}`);
  });
  socket.once('end', () => errors.end());
  socket.once('close', over);
  data.once('close', () => {
    // After its end there may be more on the way to the Pod.
    if (!data.readableEnded) socket.destroy();
    errors.end();
  });
  if (data.destroyed) return void socket.destroy();
  socket.pipe(data);
  data.pipe(socket);
}
