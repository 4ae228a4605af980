import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ControlPlane, repository, startControlPlane } from '../../examples/demo/server.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { readPage } from '../support/page.ts';
import { execute } from '../support/plane.ts';

const kubectl = packagedTool('kubectl', 'v35');
const example = join(repository, 'examples', 'my-python-app');
let folder: string;
let plane: ControlPlane;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-learn-'));
  plane = await startControlPlane(folder, '--stop-pods');
  await plane.shallop('image', 'add', 'my-python-app:latest', join(example, 'v1'));
  await plane.shallop('image', 'add', 'my-python-app:v2', join(example, 'v2'));
}, 60_000);
afterAll(async () => {
  await plane?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** What the page promises of a command, where its exit code does not say it all. */
const promises: Record<string, RegExp> = {
  'kubectl cluster-info': /is running at/,
  'kubectl get --raw /api/v1/namespaces/default/services/my-python-app-service:80/proxy/':
    /^Hello from my-python-app-\S+ version v1$/m,
  'kubectl exec deployment/my-python-app -- printenv HOSTNAME': /^my-python-app-\S+$/m,
  'kubectl logs job/write': /^good morning, not in the image$/m,
  'kubectl top pods': /^my-python-app-\S+ +\d+m +\d+Mi/m,
};

needs(noTool(kubectl)).test(
  'docs/learn.md can be followed to its end, and leaves nothing',
  async () => {
    const world = join(folder, 'checkout');
    mkdirSync(world);
    symlinkSync(join(repository, 'examples'), join(world, 'examples'));
    const { files, commands } = readPage('learn.md');
    for (const { name, text } of files) writeFileSync(join(world, name), text);
    const env = {
      ...process.env,
      KUBECONFIG: plane.kubeconfig,
      KUBECACHEDIR: join(folder, 'cache'),
      PATH: `${dirname(kubectl!)}${delimiter}${process.env.PATH}`,
    };
    const kept = new Map(Object.entries(promises));
    for (const { line } of commands) {
      const said = await execute(
        'sh',
        ['-c', `cd "$1" && ${line}`, 'sh', world],
        env,
        undefined,
        undefined,
        120_000,
      );
      if (said.code) throw new Error(`${line}: ${said.stdout}${said.stderr}`);
      expect(said.stdout).toMatch(kept.get(line) ?? /(?:)/);
      kept.delete(line);
    }
    expect([...kept.keys()]).toEqual([]);
    const left = await execute('kubectl', ['get', 'all', '-o', 'name'], env);
    expect(left.stdout).toMatch(/^(service\/kubernetes\n)?$/);
  },
  600_000,
);

test('the Korean page tells the same commands and files', () => {
  expect(readPage('learn.ko.md')).toEqual(readPage('learn.md'));
});
