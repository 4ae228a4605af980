const { createEmptyTestResult } = require('@jest/test-result');
const { formatExecError, formatResultsErrors } = require('jest-message-util');

/** What circus says of a suite, in the words of jest's reporters. */
module.exports.toTestResult = ({ testResults, unhandledErrors }, globalConfig, config, path) => {
  const results = testResults.map(toAssertion);
  const count = (status) => results.filter((result) => result.status === status).length;
  const unhandled = unhandledErrors.length ? { message: '', stack: unhandledErrors.join('\n') } : undefined;
  const messages = [
    formatResultsErrors(results, config, globalConfig, path),
    unhandled && formatExecError(unhandled, config, globalConfig),
  ];
  return {
    ...createEmptyTestResult(),
    console: undefined,
    displayName: config.displayName,
    failureMessage: messages.filter(Boolean).join('\n\n') || null,
    numFailingTests: count('failed'),
    numPassingTests: count('passed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    testExecError: unhandled,
    testFilePath: path,
    testResults: results,
  };
};

function toAssertion({ testPath, status, errors, errorsDetailed, duration, ...rest }) {
  const [, ...titles] = testPath;
  const { failing, invocations, location, numPassingAsserts, retryReasons, startedAt } = rest;
  return {
    ancestorTitles: titles.slice(0, -1),
    duration,
    failing,
    failureDetails: errorsDetailed,
    failureMessages: [...errors],
    fullName: titles.join(' '),
    invocations,
    location,
    numPassingAsserts,
    retryReasons: [...retryReasons],
    startAt: startedAt,
    status: statusOf(status, errors),
    title: titles.at(-1),
  };
}

function statusOf(status, errors) {
  if (status === 'skip') return 'pending';
  if (status === 'todo') return 'todo';
  return errors.length ? 'failed' : 'passed';
}
