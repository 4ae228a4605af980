const { setImmediate: aTurn } = require('node:timers/promises');
const { jestExpect } = require('@jest/expect');
const circus = require('jest-circus');

/** What `expect` and Node know of a test goes into its result, as `jest-circus/runner` does it. */
module.exports.followAssertions = () =>
  circus.addEventHandler(async ({ name, test }) => {
    if (name === 'test_start') jestExpect.setState({ currentTestName: test.name, testFailing: test.failing });
    if (name === 'test_done') addAssertions(test);
    // Node tells a rejection that nobody handles after the turn in which it happened.
    if (name === 'run_finish') await aTurn();
  });

function addAssertions(test) {
  const { isExpectingAssertions, numPassingAsserts, suppressedErrors } = jestExpect.getState();
  test.numPassingAsserts = numPassingAsserts;
  jestExpect.setState({ suppressedErrors: [] });
  test.errors.push(...suppressedErrors);
  const missing = jestExpect.extractExpectedAssertionsErrors();
  if (!isExpectingAssertions || !test.errors.length) test.errors.push(...missing.map(({ error }) => error));
}
