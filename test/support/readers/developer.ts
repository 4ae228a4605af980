import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { World } from '../packedWorld.ts';
import { until } from '../until.ts';
import { follow } from './follow.ts';

/** Who writes a service, and saves files: docs/dev.md. */
export async function developer(world: World): Promise<void> {
  const server = 'hello-app/server.js';
  await follow(world, 'dev.md', [
    [
      /^shallop dev/,
      async ({ line, expected }) => {
        const running = world.begin(line, join(world.folder, 'hello-app'));
        const change = expected.findIndex((pattern) => pattern.source.includes('changed'));
        expect(change).toBeGreaterThan(0);
        await running.tells(...expected.slice(0, change));
        const [address = ''] = /http:\/\/\S+/.exec(running.said()) ?? [];
        await until('it is opened in a browser', () => world.opened().includes(address));
        const answer = async () => (await fetch(address, { headers: { connection: 'close' } })).text();
        expect(await answer()).toBe('hello, v1\n');
        const text = await world.run(`cat ${server}`);
        world.write(server, text.replaceAll('v1', 'v2'));
        await running.tells(...expected.slice(change));
        await until('the change answers', async () => (await answer()) === 'hello, v2\n');
        expect(await running.interrupt()).toBe(0);
        expect(running.said()).toMatch(/nothing is left\n$/);
        // Node itself keeps compiled code there.
        const left = readdirSync(world.env.TMPDIR!).filter((name) => name !== 'node-compile-cache');
        expect(left).toEqual([]);
        await expect(answer()).rejects.toThrow();
      },
    ],
  ]);
}
