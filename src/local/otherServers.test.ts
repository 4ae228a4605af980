import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { APIService } from '../shared/kinds/schema/types.ts';
import { openHttpReach } from './drivers/reach/index.ts';
import { otherServers } from './otherServers.ts';
import { makeAuthority, makeFrontProxy, makeServer } from './pki/make.ts';

const now = Date.now();
let server: Server;
let ca: string;
let frontProxy: Awaited<ReturnType<typeof makeFrontProxy>>;

/** An API server that only listens to the front proxy, and says who that was. */
beforeAll(async () => {
  const authority = await makeAuthority(now);
  ca = authority.certificate;
  frontProxy = await makeFrontProxy(now);
  const { server: pair } = await makeServer(authority, ['far.default.svc'], now);
  server = createServer(
    { key: pair.key, cert: pair.certificate, ca: frontProxy.ca, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.end(JSON.stringify({ by: subject.CN, as: request.headers['x-remote-user'] }));
    },
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => server.close(done)));

const ask = async (spec: object, client: typeof frontProxy | undefined = frontProxy) => {
  const { port } = server.address() as AddressInfo;
  const servers = otherServers(
    openHttpReach({ isOwnLoopback: () => true }),
    async () => ({ host: '127.0.0.1', port }),
    client,
  );
  const service = {
    metadata: { name: 'v1.far.example' },
    spec: { group: 'far.example', version: 'v1', service: { namespace: 'default', name: 'far' }, ...spec },
  } as unknown as APIService;
  const { body } = await servers.send('default', service, {
    method: 'GET',
    path: '/apis/far.example/v1',
    headers: [
      ['host', 'far.default.svc'],
      ['x-remote-user', 'jane'],
    ],
    signal: new AbortController().signal,
  });
  let text = '';
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return JSON.parse(text) as unknown;
};
const bundle = (pem: string) => Buffer.from(pem).toString('base64');

test('the server is known by the bundle, and knows the front proxy', async () => {
  expect(await ask({ caBundle: bundle(ca) })).toEqual({ by: 'front-proxy-client', as: 'jane' });
});

test('a server of another authority or another name is not asked', async () => {
  await expect(ask({ caBundle: bundle(frontProxy.ca) })).rejects.toThrow();
  await expect(ask({})).rejects.toThrow();
  await expect(
    ask({ caBundle: bundle(ca), service: { namespace: 'default', name: 'other' } }),
  ).rejects.toThrow(/other\.default\.svc/);
});

test('any certificate will do where the APIService says so', async () => {
  expect(await ask({ insecureSkipTLSVerify: true })).toEqual({ by: 'front-proxy-client', as: 'jane' });
});
