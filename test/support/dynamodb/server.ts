import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Operations } from './operations.ts';

/** The simulated table behind DynamoDB's own protocol, for processes that use the real SDK. */
export async function serveSimulator(operations: Operations, seen: (operation: string) => void = () => {}) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    seen(operation);
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(value, bytesToText));
    };
    try {
      const input = JSON.parse(Buffer.concat(chunks).toString(), textToBytes);
      send(200, (await operations.perform(operation, input as never)) ?? {});
    } catch (error) {
      const { name, message, ...more } = error as Error;
      send(400, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message, ...more });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Bytes travel as base64 under `B`. */
const textToBytes = (name: string, value: unknown) =>
  name === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;

function bytesToText(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const original = this[name];
  return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
}
