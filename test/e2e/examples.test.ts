import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { installPacked, nodesHere } from '../support/installedPackage.ts';
import { needs } from '../support/needs.ts';
import { canStart, giveAway, openWorld, type World } from '../support/packedWorld.ts';
import { readPage } from '../support/page.ts';
import { pythonWith } from '../support/python.ts';

/** Go is there in the gate, and not on everybody's machine. */
const notAsked = !process.env.SHALLOP_EXAMPLE_TESTS && 'SHALLOP_EXAMPLE_TESTS=1 is not set';
const pytest = pythonWith('pytest', 'pytest==9.2.0');
const noGo = notAsked || (spawnSync('go', ['version']).status !== 0 && 'Go is not installed');

const installed = notAsked ? undefined : await installPacked('examples');
const home = installed?.home ?? '';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});
afterAll(() => installed && rmSync(installed.folder, { recursive: true, force: true }));

/** Follows a page whose command is the last one; the example stands beside its files. */
async function follow(page: string, world: World, example: { from: string; to: string }, variables = '') {
  const { files, commands } = readPage(page);
  for (const { name, text } of files) world.write(name, text);
  world.write(example.to, readFileSync(join(repository, 'examples', example.from), 'utf8'));
  const said = await world.run(`${variables}${commands.at(-1)!.line}`);
  expect(readdirSync(world.env.TMPDIR!).filter((each) => each.startsWith('shallop-'))).toEqual([]);
  return said;
}

describe.each(await nodesHere())('with the packed package, on Node $major', ({ major, node }) => {
  const absent = notAsked || installed?.obstacle || (!node && `Node ${major} cannot be had here`);

  needs(absent || ('obstacle' in pytest && pytest.obstacle)).test(
    'what docs/testing-python.md shows works as it stands',
    async () => {
      const python = 'python' in pytest ? pytest.python : '';
      world = openWorld({ home, node: node!, programs: [python], isOurs: !canStart(python) });
      const example = { from: 'pytest/shallop_pytest.py', to: 'shallop_pytest.py' };
      const said = await follow('testing-python.md', world, example);
      expect(said).toContain('3 passed');
    },
  );

  needs(absent || noGo).test(
    'what docs/testing-go.md shows works as it stands',
    async () => {
      world = openWorld({ home, node: node! });
      world.write('go.mod', 'module shallop.dev/examples\n\ngo 1.22\n');
      // What is compiled of Go's library is kept from one Node to the next.
      const cache = join(installed!.folder, 'go');
      mkdirSync(cache, { recursive: true });
      giveAway(cache);
      const flags = `GOTOOLCHAIN=local GOFLAGS=-mod=mod GOCACHE='${cache}' `;
      const example = { from: 'go/shalloptest.go', to: 'shalloptest/shalloptest.go' };
      expect(await follow('testing-go.md', world, example, flags)).toContain('ok');
    },
    600_000,
  );
});
