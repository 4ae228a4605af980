import { expect } from '@jest/globals';
import type { World } from '../packedWorld.ts';
import { until } from '../until.ts';
import { follow } from './follow.ts';

/** The page is for a control plane that runs. */
const start = (world: World) => world.run('shallop up --detach --runtime fake');
const end = (world: World) => world.run('shallop down');

/** Who wants to see it in a browser: docs/console.md. */
export async function onlooker(world: World): Promise<void> {
  await start(world);
  await follow(world, 'console.md', [
    [
      /^shallop console$/,
      async ({ line, expected }) => {
        const running = world.begin(line);
        await running.tells(...expected);
        const [address = ''] = /http:\/\/\S+/.exec(running.said()) ?? [];
        await until('a browser is sent there', () => world.opened() !== '');
        const entered = await fetch(address, { redirect: 'manual' });
        const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
        const home = address.split('?')[0]!;
        expect(await (await fetch(home, { headers: { cookie } })).text()).toContain('src="page.js"');
        expect((await fetch(address, { redirect: 'manual' })).status).toBe(401);
        expect(await running.interrupt()).toBe(0);
      },
    ],
  ]);
  await end(world);
}

/** Who wants a cluster for every branch and test: docs/clusters.md. */
export async function clusterMaker(world: World): Promise<void> {
  await start(world);
  await follow(world, 'clusters.md', [
    [
      /^shallop cluster delete feature-x$/,
      async ({ line, expected }) => {
        const { code, stderr } = await world.tries(line);
        expect(code).toBe(1);
        for (const pattern of expected)
          expect(stderr.replace(/^(Error from server[^:]*|error): /, '')).toMatch(pattern);
      },
    ],
  ]);
  const left = await world.run('shallop cluster list');
  for (const name of ['feature-x', 'feature-y', 'feature-z', 'try-2']) expect(left).toContain(name);
  expect(left).not.toContain('try-1');
  await end(world);
}
