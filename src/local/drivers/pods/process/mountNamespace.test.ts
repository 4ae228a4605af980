import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { needs } from '../../../../../test/support/needs.ts';
import { mountOf } from '../native/propagation.ts';
import { findMountNamespaces } from './mountNamespace.ts';
import { findTools } from './tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-mounts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tools = findTools(process.env.PATH ?? '');
const namespaces = await findMountNamespaces(tools, join(folder, 'trial'));

/** A folder of this machine that is mounted without programs that get rights by their owner. */
const source = mountPoints().find((point) => isFolder(point) && mountOf(point).options.includes('nosuid'));

needs(
  (!namespaces && 'mount namespaces do not work here') || (!source && 'no folder is mounted nosuid'),
).test.each([{ readOnly: true }, { readOnly: false }])(
  'a mount keeps what the one of its source forbids (readOnly: $readOnly)',
  ({ readOnly }) => {
    const target = join(folder, String(readOnly));
    mkdirSync(target);
    const [program = '', ...args] = namespaces!.bind(
      '/',
      [{ source: source!, target, readOnly }],
      '/',
      { program: tools.sh, flag: '' },
      ['cat', '/proc/self/mountinfo'],
    );
    const seen = mountOf(target, execFileSync(program, args, { encoding: 'utf8' }));
    expect(seen.point).toBe(target);
    const flags = ['nosuid', 'nodev', 'noexec', ...(readOnly ? [] : ['ro'])];
    const kept = flags.filter((flag) => mountOf(source!).options.includes(flag));
    expect(seen.options).toEqual(expect.arrayContaining([...kept, ...(readOnly ? ['ro'] : [])]));
  },
);

needs(!namespaces && 'mount namespaces do not work here').test(
  'a mount for writing is not asked to be writable where its source is not',
  async () => {
    const mount = join(folder, 'mount');
    writeFileSync(mount, '#!/bin/sh\necho "$@"', { mode: 0o700 });
    const asked = await findMountNamespaces({ ...tools, mount }, join(folder, 'trial'));
    const mounts = [{ source: '/a', target: '/b', readOnly: false }];
    const shell = { program: tools.sh, flag: '' };
    const [program = '', ...args] = asked!.bind('/', mounts, '/', shell, ['true']);
    expect(execFileSync(program, args, { encoding: 'utf8' })).toMatch(/^(-o rbind|--rbind) \/a \/b\n$/);
  },
);

function mountPoints(): string[] {
  if (process.platform !== 'linux') return [];
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => line.split(' ')[4]!);
}

/** Answers whether it is one, and this user may look into it. */
function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}
