/**
 * Is what alarms, the dashboard and `shallop status --aws` look at: names of what a deployment has, and from which figure
 * on something is wrong.
 */

/** The folders of lambdas/, each a function. */
export const functionNames = [
  'api',
  'dispatch',
  'route',
  'reconcile-workloads',
  'reconcile-pods',
  'reconcile-services',
  'reconcile-secrets',
  'resync',
  'drain',
  'activator',
  'sleeper',
] as const;
export type FunctionName = (typeof functionNames)[number];

/** Is what functions have in MB. The API's is a setting, `-c apiMemory=`. */
export const memoryOf: Record<FunctionName, number> = {
  api: 512,
  dispatch: 512,
  route: 128,
  'reconcile-workloads': 512,
  'reconcile-pods': 512,
  'reconcile-services': 512,
  'reconcile-secrets': 512,
  resync: 256,
  drain: 512,
  activator: 512,
  sleeper: 256,
};

/** `shallop-dev-api`; a group of controllers is `shallop-dev-reconcile-pods`. */
export const functionName = (deployment: string, name: string): string => `shallop-${deployment}-${name}`;

/** Queues of a deployment, by what waits in them. */
export const queueNames = {
  work: (deployment: string) => `shallop-${deployment}-work`,
  failed: (deployment: string) => `shallop-${deployment}-failed`,
  eventDeadLetters: (deployment: string) => `shallop-${deployment}-event-dead-letters`,
} as const;

/** Says from which figure on something is wrong. */
export const wrongFrom = {
  /** The stream keeps changes for a day; controllers are late long before. */
  changesWaitMs: 5 * 60_000,
  workWaitsSeconds: 15 * 60,
  setAside: 1,
  throttles: 10,
  failures: 3,
  /** Share of a quota of the account. */
  share: 0.8,
} as const;
