import { TestEnvironment } from 'jest-environment-node';
import type { ShallopOptions } from './index.ts';
import { type Fixture, fixtureOf } from './testing.ts';

declare global {
  /** Gives a new cluster; `cluster.stop()` removes it. */
  var testCluster: Fixture['testCluster'];
  /** Makes a test of a function that wants a cluster. */
  var withCluster: Fixture['withCluster'];
}

/** One for each set of options, and so one control plane for each worker: jest keeps this module from file to file. */
const fixtures = new Map<string, Fixture>();

/**
 * The environment `node` of jest with `testCluster` and `withCluster` as globals. It works with tests of either kind of
 * module, as nothing is loaded among them. `testEnvironmentOptions.shallop` in jest's configuration are its options.
 */
export default class ShallopEnvironment extends TestEnvironment {
  readonly #options: ShallopOptions;

  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    super(...given);
    const { shallop = {} } = given[0].projectConfig.testEnvironmentOptions as { shallop?: ShallopOptions };
    this.#options = shallop;
  }

  override async setup(): Promise<void> {
    await super.setup();
    const key = JSON.stringify(this.#options);
    const fixture = fixtures.get(key) ?? fixtureOf(this.#options);
    fixtures.set(key, fixture);
    Object.assign(this.global, fixture);
  }
}
