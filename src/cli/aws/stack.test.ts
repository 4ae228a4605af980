import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { stackOutputs } from './stack.ts';

let answer: { status: number; body: string };
let asked = '';
const server = createServer(async (request, response) => {
  asked = '';
  for await (const chunk of request) asked += chunk;
  response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
});
const names = ['AWS_ENDPOINT_URL_CLOUDFORMATION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const before = names.map((name) => process.env[name]);

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const values = [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'test', 'test'];
  for (const [i, name] of names.entries()) process.env[name] = values[i];
});
afterEach(async () => {
  for (const [i, name] of names.entries())
    if (before[i] === undefined) delete process.env[name];
    else process.env[name] = before[i];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const stack = (
  outputs: Record<string, string>,
) => `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
<StackName>shallop-dev</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
<Outputs>${Object.entries(outputs)
  .map(([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`)
  .join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
const query = { name: 'dev', region: 'eu-west-1' };

test('endpoint and cluster id are outputs of the stack, which says since when it is there', async () => {
  answer = { status: 200, body: stack({ Endpoint: 'https://x/k8s', ClusterId: 'shallop-dev-1' }) };
  expect(await stackOutputs(query)).toEqual({
    ...{ endpoint: 'https://x/k8s', clusterId: 'shallop-dev-1' },
    since: '2026-01-01T00:00:00.000Z',
  });
  expect(asked).toContain('StackName=shallop-dev');
});

test('a stack says which shallop its functions are, of which commit where that is known', async () => {
  const outputs = { Endpoint: 'https://x/k8s', ClusterId: 'c', Version: '0.2.0' };
  answer = { status: 200, body: stack({ ...outputs, Commit: 'abcdef012' }) };
  expect(await stackOutputs(query)).toMatchObject({ release: { version: '0.2.0', commit: 'abcdef012' } });
  answer = { status: 200, body: stack(outputs) };
  expect((await stackOutputs(query)).release).toEqual({ version: '0.2.0' });
});

test('a stack without them, and none at all, say what to do', async () => {
  answer = { status: 200, body: stack({ Endpoint: 'https://x/k8s' }) };
  await expect(stackOutputs(query)).rejects.toThrow('is it still being made?');
  const error =
    '<Error><Type>Sender</Type><Code>ValidationError</Code><Message>does not exist</Message></Error>';
  answer = { status: 400, body: `<ErrorResponse>${error}</ErrorResponse>` };
  await expect(stackOutputs(query)).rejects.toThrow(
    'there is no stack shallop-dev in eu-west-1; deploy one, or say',
  );
});
