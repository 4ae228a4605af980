import { test as plain, type TestAPI } from 'vitest';
import type { Cluster } from './index.ts';
import { type Fixture, fixtureOf } from './testing.ts';

/** `test` of vitest with a cluster for each test that asks for one: `test('…', async ({ cluster }) => { … })`. */
export const test: TestAPI<{ cluster: Cluster }> = testOf(fixtureOf());

/** The same on a fixture with options of its own. */
export function testOf({ testCluster }: Fixture): TestAPI<{ cluster: Cluster }> {
  return plain.extend<{ cluster: Cluster }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the parameters which fixtures are wanted
    cluster: async ({}, use) => {
      const cluster = await testCluster();
      await use(cluster);
      await cluster.stop();
    },
  });
}
