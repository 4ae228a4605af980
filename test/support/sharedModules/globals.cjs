const { registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');
const { jestExpect: expect } = require('@jest/expect');
const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = require('jest-circus');

module.exports = { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test };

/** Whoever imports `@jest/globals` gets those of this process: the package throws outside of jest's own contexts. */
module.exports.replaceGlobals = () => {
  const url = pathToFileURL(__filename).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@jest/globals'
        ? { url, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
  });
};
