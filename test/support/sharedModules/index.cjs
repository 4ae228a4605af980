/**
 * A test runner for jest, in place of `jest-circus/runner`: suites of one worker share their modules. Jest gives each
 * suite a context of its own, where every module is compiled and warmed up anew, jest's own among them; that was more
 * than half of `npm run check`. Here Node loads each module once, and circus runs the tests as ever, with its
 * hooks, limits of time and filters by name.
 *
 * A suite that takes `jest` itself, for mocks or fake timers, changes what others share, so it keeps a context of its own.
 */
const { readFileSync } = require('node:fs');
const { pathToFileURL } = require('node:url');
const circus = require('jest-circus');
const { default: runIsolated } = require('jest-circus/runner');
const { followAssertions } = require('./assertions.cjs');
const { replaceGlobals } = require('./globals.cjs');
const { toTestResult } = require('./results.cjs');
const { countUnhandled } = require('./unhandled.cjs');

const takesJest = /^import \{[^}]*\bjest\b[^}]*\} from '@jest\/globals'/m;

replaceGlobals();
followAssertions();

module.exports = async function runSuite(globalConfig, config, environment, runtime, path, send) {
  const { watch, watchAll, collectTests, collectCoverage } = globalConfig;
  // What changes while somebody watches has to be loaded again, and coverage is counted in a context.
  const needsContext = watch || watchAll || collectTests || collectCoverage;
  if (needsContext || takesJest.test(readFileSync(path, 'utf8')))
    return runIsolated(globalConfig, config, environment, runtime, path, send);

  const { testNamePattern, testTimeout, maxConcurrency, randomize, seed } = globalConfig;
  circus.resetState();
  Object.assign(circus.getState(), { maxConcurrency, randomize, seed });
  if (testTimeout) circus.getState().testTimeout = testTimeout;
  if (testNamePattern) circus.getState().testNamePattern = new RegExp(testNamePattern, 'i');
  using _environment = keepEnvironment();
  using _unhandled = countUnhandled(circus.getState().unhandledErrors);
  await import(`${pathToFileURL(path)}`);
  return toTestResult(await circus.run(), globalConfig, config, path);
};

/** Puts the environment of the process back in the end, as a context of its own would have it. */
function keepEnvironment() {
  const before = { ...process.env };
  return {
    [Symbol.dispose]() {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    },
  };
}
