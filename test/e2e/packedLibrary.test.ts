import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { installPacked, nodesHere } from '../support/installedPackage.ts';
import { needs } from '../support/needs.ts';
import { openWorld, type World } from '../support/packedWorld.ts';
import { type Page, readPage } from '../support/page.ts';
import { execute } from '../support/plane.ts';
import { until } from '../support/until.ts';

/** What the pages tell to install beside shallop, as versions that are known to work. */
const beside = ['jest@30.5.2', 'vitest@5.1.2', '@kubernetes/client-node@2.0.1'];
const pages = ['library.md', 'testing-node.md', 'testing-jest.md', 'testing-vitest.md'];

const { folder, home, obstacle } = await installPacked('packed-library', ...beside);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the commands of a page where its files are, and compares what they print with what it says. */
async function follow(page: Page, world: World, major: number) {
  for (const { name, text } of page.files) world.write(name, text);
  for (const { line, comment, output } of page.commands) {
    if (line.startsWith('npm install') || (comment === 'Node 24' && major < 24)) continue;
    const { code, stdout, stderr } = await world.tries(line);
    if (code) throw new Error(`${line}: ${stdout}${stderr}`);
    if (output !== undefined) expect({ line, stdout }).toEqual({ line, stdout: output });
  }
}

describe.each(await nodesHere())(
  'in an empty folder with the package alone, by an ordinary user, on Node $major',
  ({ major, node }) => {
    needs(obstacle || (!node && `Node ${major} cannot be had here`)).test.each(pages)(
      'what docs/%s shows works as it stands',
      async (name) => {
        const page = readPage(name);
        expect(page.files).not.toEqual([]);
        const world = openWorld({ home, node: node! });
        try {
          await follow(page, world, major);
          await until(
            'nothing of it is left',
            () => !readdirSync(world.env.TMPDIR!).some((each) => each.startsWith('shallop-')),
          );
        } finally {
          await world.close();
        }
      },
    );
  },
);

needs(obstacle).test('its declarations are whole, and refer to nothing inside shallop', async () => {
  writeFileSync(
    join(home, 'uses.mts'),
    `import { KubeConfig, type V1Pod } from '@kubernetes/client-node';
     import { ApiError, type Cluster, startShallop } from 'shallop';
     import { fixtureOf, withCluster } from 'shallop/testing';
     import { test } from 'shallop/vitest';
     await using shallop = await startShallop({ runtime: 'process', images: { a: { command: ['a'] } } });
     const cluster: Cluster = await shallop.cluster();
     const config: KubeConfig = cluster.kubeConfig(new KubeConfig());
     const pod: V1Pod = await cluster.waitFor<V1Pod>('pod/x', ({ status }) => status?.phase === 'Running');
     const pods: V1Pod[] = await cluster.list('pods');
     const run: () => Promise<number> = withCluster(async (cluster) => (await cluster.list('pods')).length);
     test('x', async ({ cluster }) => void (await cluster.stop()));
     try { await cluster.delete(pod); } catch (error) { if (error instanceof ApiError) console.log(error.status.details?.causes); }
     // @ts-expect-error: no such option
     await startShallop({ runtme: 'fake' });
     console.log(config, pods, run, fixtureOf({ nodes: 2 }));`,
  );
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = [
    '--noEmit',
    '--ignoreConfig',
    '--strict',
    '--target',
    'es2024',
    '--lib',
    'es2024,esnext.disposable',
  ];
  const types = [
    '--module',
    'nodenext',
    '--types',
    'node',
    '--typeRoots',
    join(repository, 'node_modules', '@types'),
  ];
  const said = await execute(process.execPath, [
    tsc,
    ...options,
    ...types,
    '--skipLibCheck',
    join(home, 'uses.mts'),
  ]);
  expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
});
