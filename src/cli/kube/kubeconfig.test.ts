import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execCredential } from './exec.ts';
import { type Choice, endpointOf } from './kubeconfig.ts';

let folder: string;
const base64 = (text: string) => Buffer.from(text).toString('base64');
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-kubeconfig-'));
  writeFileSync(join(folder, 'ca.pem'), 'CA of a file');
  writeFileSync(
    join(folder, 'one'),
    `current-context: a
contexts:
  - {name: a, context: {cluster: a, user: a, namespace: team}}
  - {name: b, context: {cluster: b, user: b}}
  - {name: lost, context: {cluster: nowhere, user: a}}
clusters:
  - {name: a, cluster: {server: "https://one:6443/", certificate-authority: ca.pem}}
users:
  - {name: a, user: {client-certificate-data: ${base64('cert')}, client-key-data: ${base64('key')}}}
`,
  );
  writeFileSync(
    join(folder, 'two'),
    `current-context: b
clusters:
  - {name: a, cluster: {server: "https://other"}}
  - {name: b, cluster: {server: "https://two/clusters/x", certificate-authority-data: ${base64('CA')}}}
users:
  - {name: b, user: {token: secret}}
`,
  );
  writeFileSync(join(folder, 'broken'), 'a: [');
});
afterAll(() => rmSync(folder, { recursive: true }));

const endpoint = (choice: Choice = {}, files = ['one', 'two']) =>
  endpointOf(choice, { env: { KUBECONFIG: files.join(delimiter), HOME: folder }, cwd: folder });

describe('the endpoint', () => {
  test('is the current context, its files read beside it', async () => {
    expect(await endpoint()).toMatchObject({
      server: 'https://one:6443',
      namespace: 'team',
      ca: 'CA of a file',
      certificate: 'cert',
      key: 'key',
    });
  });
  test('of another context may be in another file', async () => {
    expect(await endpoint({ context: 'b' })).toMatchObject({
      server: 'https://two/clusters/x',
      namespace: 'default',
      ca: 'CA',
      token: 'secret',
    });
  });
  test('takes what the command line says', async () => {
    expect(await endpoint({ namespace: 'mine', cluster: 'y' })).toMatchObject({
      server: 'https://one:6443/clusters/y',
      namespace: 'mine',
    });
    expect((await endpoint({ context: 'b', cluster: 'default' })).server).toBe('https://two');
    expect((await endpoint({ kubeconfig: 'one' })).server).toBe('https://one:6443');
  });
  test.each<[string, Choice, string[], RegExp]>([
    ['no file', {}, ['none'], /no context is chosen in .*none: start a control plane with 'shallop up'/],
    ['a context that is not there', { context: 'x' }, ['one'], /context "x" does not exist/],
    [
      'a context whose cluster is not there',
      { context: 'lost' },
      ['one'],
      /cluster "nowhere" does not exist/,
    ],
    ['a file that is none', {}, ['broken'], /broken is not a kubeconfig/],
  ])('%s is said', async (_, choice, files, message) => {
    await expect(endpoint(choice, files)).rejects.toThrow(message);
  });
});

describe('a credential plugin', () => {
  const script = (text: string) => ({ command: process.execPath, args: ['-e', text] });
  const at = { context: 'x', server: 'https://x', namespace: 'default', ca: 'CA' };

  test('gives a token, and is told which cluster it is for', async () => {
    const echo = `const {spec} = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
console.log(JSON.stringify({ status: { token: process.env.WHO + ' for ' + spec.cluster.server } }))`;
    const exec = { ...script(echo), env: [{ name: 'WHO', value: 'me' }], provideClusterInfo: true };
    expect(await execCredential(exec, at)).toMatchObject({ token: 'me for https://x' });
  });
  test.each([
    ['that fails', script('console.error("no login"); process.exit(3)'), /failed: no login/],
    ['that is not there', { command: 'no-such-plugin', installHint: 'install it' }, /not found\ninstall it/],
    ['that says nothing', script('console.log("{}")'), /gave no status/],
  ])('%s is named', async (_, exec, message) => {
    await expect(execCredential(exec, at)).rejects.toThrow(message);
  });
});
