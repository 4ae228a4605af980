/** Two projects: `fast` (unit, property, golden, contract, structure) and `slow` (real kubectl, processes, kill -9). */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.cjs' },
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/dist', '<rootDir>/tools/node24'],
};
export default {
  reporters: [
    'default',
    '<rootDir>/test/support/skippedReporter.cjs',
    '<rootDir>/test/support/serversReporter.cjs',
  ],
  maxWorkers: 2,
  // What waits for processes may wait longer while the machine is busy: it is a limit, no expectation.
  testTimeout: 20_000,
  projects: [
    {
      ...shared,
      displayName: 'fast',
      roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/infra', '<rootDir>/lambdas'],
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/test/(e2e|conformance|faults|infra|aws)/'],
    },
    {
      ...shared,
      displayName: 'slow',
      roots: ['<rootDir>/test'],
      testMatch: ['<rootDir>/test/{e2e,conformance,faults,infra,aws}/**/*.test.ts'],
    },
  ],
};
