import { connect } from 'node:http2';
import { connect as dial } from 'node:net';
import type { GRPCAction } from '../../../../shared/kinds/schema/types.ts';
import { grpcHealthPath, grpcHealthRequest, grpcUserAgent } from '../../../../shared/podspec/grpcHealth.ts';
import { atItself, type Reached } from '../../podNetwork.ts';
import { failure, type Outcome, success } from './actions.ts';

/** A health answer has a few bytes. */
const mostBytes = 4096;
const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
/** gRPC's code for a service or method that is not there. */
const unimplemented = '12';

/** Asks a gRPC server for its health by the standard protocol, once, without TLS. */
export function grpcCheck(
  { port, service = '' }: GRPCAction,
  podIP: string,
  timeoutMs: number,
  reached: Reached = atItself,
): Promise<Outcome> {
  const address = `${podIP}:${port}`;
  return new Promise((resolve) => {
    const session = connect(`http://${address}`, { createConnection: () => dial(reached(podIP, port)) });
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      resolve(outcome);
      session.destroy();
    };
    const late = `timeout: failed to connect service ${JSON.stringify(address)} within ${timeoutMs / 1000}s: context deadline exceeded`;
    // A driver's own time-out: it guards a socket, which knows no other clock.
    const timer = setTimeout(() => end(failure(late)), timeoutMs);
    session.on('error', ({ message }) => end(failure(`error: health rpc probe failed: ${message}`)));
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
      if (length > mostBytes)
        return end(failure('error: health rpc probe failed: an answer that is too long'));
      chunks.push(chunk);
    });
    stream.on('error', ({ message }) => end(failure(`error: health rpc probe failed: ${message}`)));
    stream.on('end', () => end(judged(code, Buffer.concat(chunks))));
    stream.end(grpcHealthRequest(service));
  });
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
