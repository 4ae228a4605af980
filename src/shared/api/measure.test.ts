import { expect, test } from '@jest/globals';
import { noMetrics, type RequestLabels } from '../observability/metrics.ts';
import { type Send, testServer } from './testing/testingServer.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const stranger = { peer: { address: '192.0.2.1' } };

test.each<[line: string, labels: string, options?: Send]>([
  [`GET ${maps}`, 'LIST  v1 configmaps  200'],
  [`GET ${maps}/none`, 'GET  v1 configmaps  404'],
  ['GET /apis/apps/v1/namespaces/default/deployments/none/scale', 'GET apps v1 deployments scale 404'],
  [`GET ${maps}/a/made-up`, 'GET     404'],
  ['GET /api/v1/namespaces/default/made-up/a', 'GET     404'],
  ['GET /apis/made.up/v1/made-ups/a', 'GET     404'],
  ['GET /made-up', 'GET     404'],
  ['MADE-UP /made-up', 'OTHER     404'],
  [`MADE-UP ${maps}`, 'OTHER     405'],
  ['GET /apis/made.up/v1/made-ups/a', 'GET     403', stranger],
])('%s counts as "%s": what clients make up is no label', async (line, labels, options = {}) => {
  const counted: string[] = [];
  const request = ({ verb, group, version, resource, subresource, code }: RequestLabels) =>
    void counted.push([verb, group, version, resource, subresource, code].join(' '));
  const { send } = await testServer({ metrics: { ...noMetrics, request } });
  counted.length = 0;
  await send(line, options);
  expect(counted).toEqual([labels]);
});
