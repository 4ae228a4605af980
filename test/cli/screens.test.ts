import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import { manifests } from '../e2e/cli-same-cases.ts';
import { runCli } from '../support/cli.ts';

/** What the command shows, over an API without controllers whose clock stands still: testdata/screens.txt. */
const golden = join(import.meta.dirname, 'testdata', 'screens.txt');
const commands = [
  'apply -f app.yaml',
  'apply -f app.yaml',
  'apply -f changed.yaml --dry-run=server',
  'apply -f changed.yaml',
  'apply -f bad-field.yaml',
  'apply -f invalid.yaml',
  'apply -f unknown.yaml',
  'apply -f nowhere.yaml',
  'get deploy,svc,cm',
  'get deploy -o wide --show-labels',
  'get svc web -o name',
  'get cm conf -o yaml',
  'get cm conf -o jsonpath={.data.a}',
  'get cm conf -o nonsense',
  'get pods',
  'get pods -A',
  'get depolyments',
  'get cm ghost',
  'describe deployment web',
  'describe service web',
  'describe cm conf',
  'scale deployment/web --replicas=7',
  'scale deployment/web',
  'set image deployment/web c=nginx:9',
  'set image deployment/web nope=nginx:9',
  'rollout status deployment/web --watch=false',
  'rollout history deployment/web',
  'rollout undo deployment/web',
  'rollout pause deployment/web',
  'rollout again deployment/web',
  'logs deployment/web',
  'cluster-info',
  'api-resources --api-group=coordination.k8s.io',
  'delete cm conf --dry-run=server',
  'delete -f app.yaml --wait=false',
  'delete cm --all',
  'delete pods',
];

let folder: string;
let http: Server;
beforeAll(async () => {
  const { send } = await testServer();
  http = createServer(async (request, response) => {
    const headers = request.headers as Record<string, string>;
    const body = await buffer(request);
    const answer = await send(`${request.method} ${request.url}`, { headers, body });
    response.writeHead(answer.status, answer.headers);
    response.end(answer.text);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'shallop-screens-'));
  for (const [name, text] of Object.entries(manifests)) writeFileSync(join(folder, name), text);
  const { port } = http.address() as AddressInfo;
  writeFileSync(
    join(folder, 'kubeconfig'),
    JSON.stringify({
      'current-context': 'x',
      contexts: [{ name: 'x', context: { cluster: 'x' } }],
      clusters: [{ name: 'x', cluster: { server: `http://127.0.0.1:${port}` } }],
    }),
  );
});
afterAll(() => {
  http.close();
  rmSync(folder, { recursive: true });
});

test('the screens are as in testdata/screens.txt', async () => {
  const screens: string[] = [];
  for (const command of commands) {
    const said = await runCli(command.split(' '), {
      env: { KUBECONFIG: join(folder, 'kubeconfig') },
      cwd: folder,
    });
    screens.push(`$ shallop ${command}\n${said.stdout}${said.stderr}[${said.code}]\n`);
  }
  const text = neutral(screens.join('\n'));
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, 'utf8'));
});

/** Dates are told in the zone of the machine; ports are any free one; addresses and ids say nothing. */
const neutral = (text: string) =>
  text
    .replaceAll(/\w{3}, \d\d \w{3} \d{4} [\d:]+ [+-]\d{4}/g, 'DATE')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/10\.96\.\d+\.\d+ */g, '10.96.x.y ')
    .replaceAll(/CLUSTER-IP +/g, 'CLUSTER-IP ')
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'UID')
    .replaceAll(/it is v\S+\./g, 'it is VERSION.');
