import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { runCli } from '../support/cli.ts';

/** A server that knows neither aggregated discovery nor Tables, asks for a token, and warns. */
let server: Server;
let folder: string;
let asked: IncomingMessage[];
const answers: Record<string, unknown> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', groups: [{ name: 'example.com', versions: [{ version: 'v1' }] }] },
  '/api/v1': {
    resources: [
      {
        name: 'pods',
        singularName: '',
        kind: 'Pod',
        namespaced: true,
        shortNames: ['po'],
        verbs: ['get', 'list'],
      },
      { name: 'pods/log', kind: 'Pod', namespaced: true, verbs: ['get'] },
    ],
  },
  '/apis/example.com/v1': {
    resources: [{ name: 'widgets', kind: 'Widget', namespaced: false, categories: ['all'], verbs: ['list'] }],
  },
  '/api/v1/namespaces/default/pods': {
    kind: 'PodList',
    metadata: {},
    items: [{ metadata: { name: 'a', creationTimestamp: new Date(Date.now() - 3600_000).toISOString() } }],
  },
  '/apis/example.com/v1/widgets': {
    kind: 'WidgetList',
    metadata: {},
    items: [{ metadata: { name: 'w' } }],
  },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    const { pathname } = new URL(request.url!, 'http://x');
    const allowed = request.headers.authorization === 'Bearer open sesame';
    const answer = allowed
      ? answers[pathname]
      : { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' };
    response.writeHead(allowed ? (answer ? 200 : 404) : 401, {
      'content-type': 'application/json',
      ...(pathname.endsWith('widgets') && { warning: '299 - "widgets are \\"old\\""' }),
    });
    response.end(answer ? JSON.stringify(answer) : '404 page not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'shallop-other-'));
  for (const token of ['open sesame', 'wrong'])
    writeFileSync(
      join(folder, token),
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
        clusters: [
          { name: 'x', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } },
        ],
        users: [{ name: 'x', user: { token } }],
      }),
    );
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const shallop = (command: string, kubeconfig = 'open sesame') =>
  runCli(command.split(' '), { env: { KUBECONFIG: join(folder, kubeconfig) }, cwd: folder });
const note = () =>
  `Note: acting on http://127.0.0.1:${(server.address() as AddressInfo).port} (context "x"), which is no shallop\n`;

test('names and ages are shown for whatever a server has', async () => {
  expect(await shallop('get po')).toEqual({ code: 0, stderr: note(), stdout: 'NAME   AGE\na      60m\n' });
});

test('warnings of the server are told, categories are its own', async () => {
  expect(await shallop('get all -o name')).toEqual({
    code: 0,
    stderr: `${note()}Warning: widgets are "old"\n`,
    stdout: 'widget.example.com/w\n',
  });
});

test('api-resources is built from the older lists', async () => {
  expect((await shallop('api-resources')).stdout).toBe(
    `NAME      SHORTNAMES   APIVERSION       NAMESPACED   KIND
pods      po           v1               true         Pod
widgets                example.com/v1   false        Widget
`,
  );
});

test('a page that is not there is a NotFound, a wrong token is said', async () => {
  expect(await shallop('get po ghost')).toMatchObject({
    code: 1,
    stderr: `${note()}Error from server (NotFound): the server could not find the requested resource\n`,
  });
  expect(await shallop('get po', 'wrong')).toMatchObject({
    code: 1,
    stderr: 'error: You must be logged in to the server (Unauthorized)\n',
  });
});

test('C3: everything of a type on a server that is no shallop is deleted only after a yes', async () => {
  expect(await shallop('delete pods --all')).toEqual({
    code: 1,
    stderr: `${note()}nothing was deleted; say --yes to delete without being asked\n`,
    stdout: '',
  });
  expect(asked.map(({ method }) => method)).not.toContain('DELETE');
  await shallop('delete pods --all --yes');
  expect(asked.map(({ method }) => method)).toContain('DELETE');
});

test('every request says who asks', async () => {
  await shallop('get po');
  for (const { headers } of asked) expect(headers['user-agent']).toMatch(/^shallop\/\d/);
});
