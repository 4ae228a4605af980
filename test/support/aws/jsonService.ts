import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An AWS service that speaks JSON over HTTP: `answer` gets the operation and its input. Errors are told by name. */
export async function serveJson(answer: (operation: string, input: never) => Promise<unknown> | unknown) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': request.headers['content-type'] });
      response.end(JSON.stringify(value, bytesToText));
    };
    try {
      const input = JSON.parse(Buffer.concat(chunks).toString(), textToBytes);
      send(200, (await answer(operation, input as never)) ?? {});
    } catch (error) {
      const { name, message, ...more } = error as Error;
      send(400, { __type: name, message, ...more });
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

/** DynamoDB's bytes travel as base64 under `B`. */
const textToBytes = (name: string, value: unknown) =>
  name === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;

function bytesToText(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const original = this[name];
  return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
}
