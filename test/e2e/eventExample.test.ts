import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { repository } from '../../examples/demo/server.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const example = join(repository, 'examples', 'issues');

interface Issue {
  title: string;
  body: string;
  labels: string[];
}

let plane: Plane;
let github: Server;
let receiver: ChildProcess;
let refusals = 1;
const issues: Issue[] = [];

beforeAll(async () => {
  plane = await openPlane('event-example');
  // Stands in for GitHub's issues, and is away at first.
  github = createServer(async (request, response) => {
    if (request.headers.authorization !== 'Bearer t') return response.writeHead(401).end();
    if (refusals-- > 0) return response.writeHead(502).end();
    if (request.method === 'POST') {
      let body = '';
      for await (const part of request) body += part;
      issues.push(JSON.parse(body));
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(issues));
  }).listen(0, '127.0.0.1');
  await once(github, 'listening');

  const key = `whsec_${randomBytes(32).toString('base64')}`;
  receiver = spawn(process.execPath, [join(example, 'receiver.mjs')], {
    env: {
      ...process.env,
      ...{ SIGNING_KEY: key, TOKEN: 't', PORT: '0' },
      ISSUES: `http://127.0.0.1:${(github.address() as AddressInfo).port}/issues`,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: receiver.stdout! }), 'line')) as [string];
  const rules = readFileSync(join(example, 'rules.yaml'), 'utf8');
  writeFileSync(join(plane.folder, 'key'), key);
  writeFileSync(
    join(plane.folder, 'rules.yaml'),
    rules.replace('http://127.0.0.1:8088/', line.split(' ').at(-1)!),
  );
  await plane.start('--runtime', 'fake', '--event-rules', join(plane.folder, 'rules.yaml'));
});
afterAll(async () => {
  receiver.kill();
  github.close();
  github.closeAllConnections();
  await plane.close();
});

test('examples/issues opens one issue for each generation of a Deployment that fails, also when GitHub is away at first', async () => {
  const client = new LoadClient(plane.kubeconfig);
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  const deployment = (name: string, nodeSelector?: object) => ({
    metadata: { name },
    spec: {
      // A busy machine may take its time over what is good.
      progressDeadlineSeconds: nodeSelector ? 2 : 600,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'c', image: 'i' }], ...(nodeSelector && { nodeSelector }) },
      },
    },
  });
  const patch = (name: string, body: object) =>
    client.call('PATCH', `${deployments}/${name}`, body, 'application/merge-patch+json');
  await client.call('POST', deployments, deployment('good'));
  await client.call('POST', deployments, deployment('bad', { no: 'node' }));
  await until('an issue is opened', () => issues.length === 1);
  expect(issues[0]).toMatchObject({
    title: 'Deployment default/bad failed in default',
    body: expect.stringContaining('has timed out progressing.'),
    labels: ['deployment-failed'],
  });
  // Another change of what has failed is no other failure; another generation is.
  await patch('bad', { metadata: { labels: { looked: 'at' } } });
  await patch('bad', { spec: { template: { spec: { nodeSelector: { no: 'other' } } } } });
  await until('the next generation has its issue', () => issues.length >= 2);
  expect(issues.map(({ title }) => title)).toEqual(Array(2).fill('Deployment default/bad failed in default'));
  client.close();
});

test.each([
  { what: 'what nobody signed', body: '{}', status: 401 },
  { what: 'what is larger than any event', body: 'x'.repeat(1_100_001), status: 413 },
])('the receiver refuses $what', async ({ body, status }) => {
  const { url } = readFileSync(join(plane.folder, 'rules.yaml'), 'utf8').match(/url: (?<url>\S+)/)!.groups!;
  const answer = await fetch(url!, {
    method: 'POST',
    headers: {
      'webhook-id': 'm',
      'webhook-timestamp': `${Math.floor(Date.now() / 1000)}`,
      'webhook-signature': 'v1,AAAA',
    },
    body,
  });
  expect(answer.status).toBe(status);
});

test.each(['', 'whsec_', 'c2hvcnQ='])('the receiver does not start with the key "%s"', async (key) => {
  const env = { ...process.env, SIGNING_KEY: key, PORT: '0' };
  const child = spawn(process.execPath, [join(example, 'receiver.mjs')], { env, stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([1, null]);
});
