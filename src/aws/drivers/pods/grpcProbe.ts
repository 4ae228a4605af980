import { grpcHealthPath, grpcHealthRequest, grpcUserAgent } from '../../../shared/podspec/grpcHealth.ts';
import { quoted } from './shell.ts';

/**
 * Returns the command that asks a gRPC server on this machine for its health, as a kubelet does: without TLS, by the
 * standard protocol. No image has a program for it that could be counted on, but the request is always the same bytes, and
 * so is the one answer that passes. The command waits out its whole time: a server that sees the end of its input hangs up
 * before it answers.
 */
export function grpcCommand(port: number, service: string, seconds: number): string[] {
  const asked = quoted(grpcRequest(port, service).toString('base64'));
  const input = `{ echo ${asked} | base64 -d; sleep ${seconds}; }`;
  const answer = `timeout ${seconds} nc 127.0.0.1 ${port} | od -An -v -tx1 | tr -d ' \\n'`;
  return ['CMD', 'sh', '-c', `${input} | ${answer} | grep -qE ${quoted(serving)}`];
}

/** A message of two bytes, field 1 is 1: SERVING. Servers may send a message and the five bytes before it in two frames. */
const serving = '0000000002(.{18})?0801';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const frameTypes = { data: 0, headers: 1, settings: 4 };
const endStream = 0x1;
const endHeaders = 0x4;

/** The bytes of one whole HTTP/2 connection, as far as its client speaks. */
export const grpcRequest = (port: number, service: string): Buffer =>
  Buffer.concat([
    preface,
    frame(frameTypes.settings, 0, 0, Buffer.alloc(0)),
    frame(frameTypes.headers, endHeaders, 1, headersOf(port)),
    frame(frameTypes.data, endStream, 1, grpcHealthRequest(service)),
  ]);

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Names from HPACK's static table by their number, never put into the dynamic one. */
const headersOf = (port: number): Buffer =>
  Buffer.concat([
    Buffer.from([0x83, 0x86]), // :method POST, :scheme http
    Buffer.from([0x04]), // :path
    literal(grpcHealthPath),
    Buffer.from([0x01]), // :authority
    literal(`127.0.0.1:${port}`),
    Buffer.from([0x0f, 0x10]), // content-type
    literal('application/grpc'),
    Buffer.from([0x0f, 0x2b]), // user-agent
    literal(grpcUserAgent),
    Buffer.from([0x00]), // a name that the table does not have
    literal('te'),
    literal('trailers'),
  ]);

/** Not longer than 126 bytes, whose length is one byte. */
const literal = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
