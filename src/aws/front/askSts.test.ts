import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { askSts } from './askSts.ts';

let serve: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => serve(request, response));
let endpoint: string;
beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});
const url = new URL('https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity');

test('an endpoint in the place of STS gets the request as it was signed', async () => {
  serve = ({ method, url, headers }, response) =>
    void response.end(JSON.stringify([method, url, headers.host, headers['x-k8s-aws-id']]));
  const { status, body } = await askSts(endpoint)(url, { 'x-k8s-aws-id': 'c' });
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual(['GET', '/?Action=GetCallerIdentity', 'sts.us-east-1.amazonaws.com', 'c']);
});

test('a redirect is told, not followed', async () => {
  let calls = 0;
  serve = (_request, response) => {
    calls++;
    response.writeHead(302, { location: `${endpoint}/elsewhere` }).end();
  };
  expect((await askSts(endpoint)(url, {})).status).toBe(302);
  expect(calls).toBe(1);
});

test('an endless answer and a broken one are errors', async () => {
  serve = (_request, response) => void response.end('x'.repeat(1024 * 1024));
  await expect(askSts(endpoint)(url, {})).rejects.toThrow('too long');
  serve = (_request, response) => {
    response.write('half');
    response.destroy();
  };
  await expect(askSts(endpoint)(url, {})).rejects.toThrow();
});

test('an answer that does not come in time is an error', async () => {
  serve = () => {};
  await expect(askSts(endpoint, 50)(url, {})).rejects.toMatchObject({ name: 'AbortError' });
});
