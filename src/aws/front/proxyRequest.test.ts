import { expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { parseTarget } from '../../shared/api/http/target.ts';
import { proxyRequest, targetOf } from './proxyRequest.ts';

const event = (changes: Partial<APIGatewayProxyEvent>): APIGatewayProxyEvent =>
  ({
    httpMethod: 'GET',
    path: '/',
    multiValueHeaders: null,
    headers: null,
    multiValueQueryStringParameters: null,
    body: null,
    isBase64Encoded: false,
    requestContext: { identity: { sourceIp: '192.0.2.1' } },
    ...changes,
  }) as unknown as APIGatewayProxyEvent;
const signal = new AbortController().signal;

test.each([
  { path: '/api/v1/pods', query: null, target: '/api/v1/pods' },
  { path: '/clusters/red/api', query: null, target: '/clusters/red/api' },
  { path: '/a b/ü', query: null, target: '/a%20b/%C3%BC' },
  { path: '/system:node', query: null, target: '/system%3Anode' },
  { path: '/a%2Fb', query: null, target: '/a%2Fb' },
  { path: '/', query: { labelSelector: ['a in (b,c)'] }, target: '/?labelSelector=a%20in%20(b%2Cc)' },
  { path: '/', query: { labelSelector: ['a+in+(b)'] }, target: '/?labelSelector=a%20in%20(b)' },
  {
    path: '/',
    query: { sinceTime: ['2026-01-01T00:00:00+02:00'] },
    target: '/?sinceTime=2026-01-01T00%3A00%3A00%2B02%3A00',
  },
  {
    path: '/',
    query: { command: ['sh', '-c', 'a&b=c'] },
    target: '/?command=sh&command=-c&command=a%26b%3Dc',
  },
  { path: '/', query: { watch: [''] }, target: '/?watch=' },
])('$path with $query is $target', ({ path, query, target }) => {
  const found = targetOf(event({ path, multiValueQueryStringParameters: query as never }));
  expect(found).toBe(target);
  expect(parseTarget(found).path).toBe(
    parseTarget(path.includes('%') ? path : encodeURI(path)).path.replace(/^\/clusters\/red/, ''),
  );
});

test('headers are found by their lower-case name, several joined', () => {
  const multiValueHeaders = { Accept: ['application/json'], 'X-Remote-Group': ['a', 'b'] };
  const { header, peer } = proxyRequest(event({ multiValueHeaders }), signal);
  expect([header('accept'), header('x-remote-group'), header('none')]).toEqual([
    'application/json',
    'a, b',
    undefined,
  ]);
  expect(peer).toEqual({ address: '192.0.2.1' });
});

test('what would be answered without a body is asked anew', () => {
  const { header } = proxyRequest(event({ headers: { 'If-None-Match': '"a"' } }), signal);
  expect(header('if-none-match')).toBeUndefined();
});

test.each([
  { body: null, isBase64Encoded: false, is: [] },
  { body: 'ä', isBase64Encoded: false, is: [0xc3, 0xa4] },
  { body: 'azhzAP/+', isBase64Encoded: true, is: [0x6b, 0x38, 0x73, 0, 0xff, 0xfe] },
])('the body $body is $is', async ({ is, ...more }) => {
  const request = proxyRequest(event(more), signal);
  expect([...(await request.body(6))]).toEqual(is);
});

test('a body beyond the limit is RequestEntityTooLarge', async () => {
  const request = proxyRequest(event({ body: '1234567' }), signal);
  await expect(request.body(6)).rejects.toMatchObject({ reason: 'RequestEntityTooLarge' });
});

test('nobody comes with a certificate or from within', () => {
  const forged = {
    internal: { user: 'x', groups: ['system:masters'] },
    certificate: { commonName: 'admin' },
  };
  const { peer } = proxyRequest(event({ requestContext: { identity: forged, ...forged } as never }), signal);
  expect(peer).toEqual({ address: '' });
});
