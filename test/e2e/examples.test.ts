import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { needs } from '../support/needs.ts';
import { readPage } from '../support/page.ts';
import { execute } from '../support/plane.ts';
import { pythonWith } from '../support/python.ts';

/** Go is there in the gate, and not on everybody's machine. */
const notAsked = !process.env.SHALLOP_EXAMPLE_TESTS && 'SHALLOP_EXAMPLE_TESTS=1 is not set';
const pytest = pythonWith('pytest', 'pytest==9.2.0');
const noGo = notAsked || (spawnSync('go', ['version']).status !== 0 && 'Go is not installed');

let world: string;
const environment = () => ({
  ...process.env,
  SHALLOP: `${process.execPath} ${join(repository, 'bin', 'shallop.js')}`,
  TMPDIR: join(world, 'tmp'),
  GOTOOLCHAIN: 'local',
  GOFLAGS: '-mod=mod',
});
beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), 'shallop-examples-'));
  mkdirSync(join(world, 'tmp'));
});
afterEach(() => rmSync(world, { recursive: true, force: true }));

/** Follows a page whose commands are the last ones; the example stands beside its files. */
async function follow(page: string, command: (line: string) => string) {
  const { files, commands } = readPage(page);
  for (const { name, text } of files) writeFileSync(join(world, name), text);
  const line = command(commands.at(-1)!.line);
  const said = await execute('sh', ['-c', `cd "$1" && ${line}`, 'sh', world], environment());
  if (said.code) throw new Error(`${line}: ${said.stdout}${said.stderr}`);
  expect(readdirSync(join(world, 'tmp')).filter((each) => each.startsWith('shallop-'))).toEqual([]);
  return said.stdout;
}

needs('obstacle' in pytest && pytest.obstacle).test(
  'what docs/testing-python.md shows works as it stands',
  async () => {
    const python = 'python' in pytest ? pytest.python : '';
    copyFileSync(join(repository, 'examples/pytest/shallop_pytest.py'), join(world, 'shallop_pytest.py'));
    const said = await follow('testing-python.md', (line) => line.replace('python3', python));
    expect(said).toContain('3 passed');
  },
);

needs(noGo).test(
  'what docs/testing-go.md shows works as it stands',
  async () => {
    mkdirSync(join(world, 'shalloptest'));
    copyFileSync(
      join(repository, 'examples/go/shalloptest.go'),
      join(world, 'shalloptest', 'shalloptest.go'),
    );
    writeFileSync(join(world, 'go.mod'), 'module shallop.dev/examples\n\ngo 1.22\n');
    expect(await follow('testing-go.md', (line) => line)).toContain('ok');
  },
  300_000,
);
