/** `fast`: unit, property, golden, contract, structure. `slow`: real kubectl, processes, kill -9, whole deployments. */
const slowFolders = 'e2e|conformance|faults|findings|infra|aws|simulation|differential';
/** Those of `contract` that start processes too, or take seconds: to encrypt, for histories of three storages. */
const slowFiles = [
  ...[
    'enginePods',
    'engineContainers',
    'nativePods',
    'podGuests',
    'podRuntime',
    'processPods',
    'processPodsSafety',
    'storage',
    'storageEncryption',
  ],
  'webhooksRecorded',
].map((name) => `contract/${name}`);
/** Properties beside their code whose histories take two seconds and more of a core. */
const slowProperties = [
  'api/rbac/escalation',
  'api/watch/watch',
  'meta/cron/cron',
  'patch/json',
  'streams/byteQueue',
].map((name) => `shared/${name}\\.prop`);
const isSlow = `/(test/((${slowFolders})/.*|${slowFiles.join('|')})|src/(${slowProperties.join('|')}))\\.test\\.ts$`;
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
  // The modules of each test file stay in its worker's heap: from here on, another worker costs less than to collect it.
  workerIdleMemoryLimit: '700MB',
  // What waits for processes may wait longer while the machine is busy: it is a limit, no expectation.
  testTimeout: 180_000,
  projects: [
    {
      ...shared,
      displayName: 'fast',
      testRunner: '<rootDir>/test/support/sharedModules/index.cjs',
      roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/infra', '<rootDir>/lambdas'],
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: [isSlow],
    },
    {
      ...shared,
      displayName: 'slow',
      roots: ['<rootDir>/src', '<rootDir>/test'],
      testRegex: [isSlow],
    },
  ],
};
