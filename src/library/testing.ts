import { type Cluster, type Shallop, type ShallopOptions, startShallop } from './index.ts';

/** Gives each test a cluster of its own, on one control plane for the whole process. */
export interface Fixture {
  /** Gives a new cluster: `await using cluster = await testCluster()`. `cluster.stop()` removes it. */
  testCluster(): Promise<Cluster>;
  /**
   * Makes a function for a runner of tests from one that wants a cluster: it gets a new one, which is removed after it.
   * @example
   * test('creates a Pod', withCluster(async (cluster) => { … }));
   */
  withCluster<T>(run: (cluster: Cluster) => T | Promise<T>): () => Promise<T>;
}

/**
 * A fixture with options of its own. The control plane starts beside this process when the first test asks for it, does not
 * keep the process from ending, and ends with it.
 */
export function fixtureOf(options: Omit<ShallopOptions, 'process'> = {}): Fixture {
  let shared: Promise<Shallop> | undefined;
  const testCluster = async () => {
    shared ??= startShallop({ ...options, process: 'beside' });
    shared.catch(() => {
      shared = undefined;
    });
    return (await shared).cluster();
  };
  return {
    testCluster,
    withCluster: (run) => async () => {
      const cluster = await testCluster();
      try {
        return await run(cluster);
      } finally {
        await cluster.stop();
      }
    },
  };
}

/** Fixtures of the options that need not be said: Pods become ready at once, and nothing runs. */
export const { testCluster, withCluster }: Fixture = fixtureOf();
