import { type ClientHttp2Session, connect } from 'node:http2';
import type { GRPCAction } from '../../../../shared/kinds/schema/types.ts';
import { grpcHealthPath, grpcHealthRequest, grpcUserAgent } from '../../../../shared/podspec/grpcHealth.ts';
import { afterAwake } from '../../afterAwake.ts';
import { atItself, type Reached } from '../../podNetwork.ts';
import { connectTo } from '../../sockets.ts';
import { failure, type Outcome, success } from './actions.ts';

/** A health answer has a few bytes. */
const mostBytes = 4096;
const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
/** gRPC's code for a service or method that is not there. */
const unimplemented = '12';

/** Asks a gRPC server for its health by the standard protocol, once, without TLS. */
export async function grpcCheck(
  { port, service = '' }: GRPCAction,
  podIP: string,
  timeoutMs: number,
  reached: Reached = atItself,
): Promise<Outcome> {
  const address = `${podIP}:${port}`;
  const late = `timeout: failed to connect service ${JSON.stringify(address)} within ${timeoutMs / 1000}s: context deadline exceeded`;
  const over = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  // A driver's own time-out: it guards a socket, which knows no other clock.
  const forget = afterAwake(timeoutMs, () => resolve(failure(late)));
  const failed = ({ message }: Error) => resolve(failure(`error: health rpc probe failed: ${message}`));
  void connectTo(reached(podIP, port), { timeoutMs, signal: over.signal }).then((socket) => {
    const session = connect(`http://${address}`, { createConnection: () => socket });
    over.signal.addEventListener('abort', () => session.destroy());
    session.on('error', failed);
    ask(session, service, resolve, failed);
  }, failed);
  try {
    return await promise;
  } finally {
    forget();
    over.abort();
  }
}

function ask(
  session: ClientHttp2Session,
  service: string,
  end: (outcome: Outcome) => void,
  failed: (error: Error) => void,
): void {
  const stream = session.request({
    ':method': 'POST',
    ':path': grpcHealthPath,
    'content-type': 'application/grpc',
    'user-agent': grpcUserAgent,
    te: 'trailers',
  });
  const chunks: Buffer[] = [];
  let code = '0';
  let length = 0;
  // An answer without a body has the status among its headers.
  stream.on('response', (headers) => (code = String(headers['grpc-status'] ?? code)));
  stream.on('trailers', (headers) => (code = String(headers['grpc-status'] ?? code)));
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > mostBytes) return end(failure('error: health rpc probe failed: an answer that is too long'));
    chunks.push(chunk);
  });
  stream.on('error', failed);
  stream.on('end', () => end(judged(code, Buffer.concat(chunks))));
  stream.end(grpcHealthRequest(service));
}

function judged(code: string, body: Buffer): Outcome {
  if (code === unimplemented)
    return failure('error: this server does not implement the grpc health protocol (grpc.health.v1.Health)');
  if (code !== '0') return failure(`error: health rpc probe failed: code = ${code}`);
  // Five bytes of gRPC's frame, then field 1 of the message, a number; absent is 0.
  const status = body[5] === 0x08 ? (body[6] ?? 0) : 0;
  return status === 1
    ? success
    : failure(`service unhealthy (responded with ${JSON.stringify(statuses[status] ?? status)})`);
}
