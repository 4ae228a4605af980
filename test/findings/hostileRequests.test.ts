import { connect as connectHttp2 } from 'node:http2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { type Ask, askOf } from './ask.ts';

/** Requests that held the server up for minutes, each against a server of its own. */

const configMaps = '/api/v1/namespaces/default/configmaps';

let plane: Plane;
let ask: Ask;
beforeEach(async () => {
  plane = await openPlane('hostile');
  await plane.start('--runtime', 'fake');
  ask = askOf(plane);
  await ask(`POST ${configMaps}`, { body: { metadata: { name: 'a', labels: { x: '1' } } } });
});
afterEach(() => plane.close());

test('A4: a JSON patch whose copies double is refused', async () => {
  const body = Array.from({ length: 24 }, (_, i) => ({
    op: 'copy',
    from: '/metadata',
    path: `/metadata/x${i}`,
  }));
  const headers = { 'content-type': 'application/json-patch+json' };
  expect((await ask(`PATCH ${configMaps}/a`, { headers, body })).status).toBe(422);
});

describe('A5: beside a large body of YAML somebody else is answered, and it is refused', () => {
  test.each([
    ['brackets', '['.repeat(3 << 20)],
    ['directives', '%A\n'.repeat(1 << 20)],
  ])(
    'of %s',
    async (_, body) => {
      const headers = { 'content-type': 'application/yaml' };
      const refused = ask(`POST ${configMaps}`, { headers, body });
      const others = Array.from({ length: 5 }, () => ask(`GET ${configMaps}/a`));
      const statuses = (await Promise.all([refused, ...others])).map(({ status }) => status);
      expect(statuses).toEqual([400, 200, 200, 200, 200, 200]);
    },
    60_000,
  );
});

test('A5: an object of more than etcd takes is refused', async () => {
  const body = { metadata: { name: 'r' }, revision: 1, data: { a: 'x'.repeat(1_600_000) } };
  const answer = await ask('POST /apis/apps/v1/namespaces/default/controllerrevisions', { body });
  expect(answer).toMatchObject({ status: 500, json: { message: 'etcdserver: request is too large' } });
});

test('A9: beside 220 writes of strangers whose bodies never come, a write is served', async () => {
  const { server, ca, certificate: cert, key } = await endpointOf({ kubeconfig: plane.kubeconfig }, world);
  const session = connectHttp2(server, { ca, cert, key });
  for (let n = 0; n < 220; n++) {
    const stream = session.request({
      ':method': 'POST',
      ':path': configMaps,
      'content-type': 'application/json',
      'content-length': '1000',
      'user-agent': `stranger-${n}`,
    });
    stream.on('error', () => {});
    stream.write('{');
  }
  // Once an answer has come, so have the requests before it.
  const last = session.request({ ':path': `${configMaps}/a` });
  await new Promise((resolve) => last.once('response', resolve));
  const statuses = [];
  for (let n = 0; n < 20; n++)
    statuses.push((await ask(`POST ${configMaps}`, { body: { metadata: { name: `calm-${n}` } } })).status);
  session.destroy();
  expect(new Set(statuses)).toEqual(new Set([201]));
});

const world = { env: {}, cwd: '/' };
