import { type ControllerGroup, environment } from './names.ts';

/** The environment of a Lambda. */
export type Env = Record<string, string | undefined>;

/** What every Lambda with storage needs. */
export interface CoreConfig {
  deployment: string;
  table: string;
  /** ARN or id of the key that wraps data keys; absent: Secrets are stored as DynamoDB encrypts them. */
  kmsKey?: string;
  /** Where Pods reach the API; absent without a custom domain. */
  podApi?: URL;
}

/** Who may sign in through IAM. */
export interface IdentityConfig {
  /** Every token must have been signed for it. */
  clusterId: string;
  region: string;
  /** ARN of the principal that is cluster admin. */
  creatorArn?: string;
  accessEntries: AccessEntry[];
  /** Asked instead of the STS that a token names, whose host is checked all the same. */
  stsEndpoint?: string;
}

/** As in EKS CreateAccessEntry and AssociateAccessPolicy. */
export interface AccessEntry {
  principalArn: string;
  username?: string;
  kubernetesGroups?: string[];
  type?: string;
  accessPolicies?: AccessPolicy[];
}

export interface AccessPolicy {
  policyArn: string;
  /** Absent: the whole cluster. */
  accessScope?: { type: string; namespaces?: string[] };
}

/** Throws an error that names the variable. */
export function coreConfig(env: Env): CoreConfig {
  const kmsKey = env[environment.kmsKey];
  const podApi = env[environment.podApiUrl];
  return {
    deployment: required(env, environment.deployment),
    table: required(env, environment.table),
    ...(kmsKey && { kmsKey }),
    ...(podApi && { podApi: httpsUrl(environment.podApiUrl, podApi) }),
  };
}

/** Throws an error that names the variable. */
export function identityConfig(env: Env): IdentityConfig {
  const creatorArn = env[environment.creatorArn];
  const stsEndpoint = env.AWS_ENDPOINT_URL_STS || env.AWS_ENDPOINT_URL;
  return {
    clusterId: required(env, environment.clusterId),
    region: required(env, 'AWS_REGION'),
    ...(creatorArn && { creatorArn }),
    accessEntries: accessEntries(env[environment.accessEntries]),
    ...(stsEndpoint && { stsEndpoint }),
  };
}

/** URL of the queue of a controller group. Throws an error that names the variable. */
export const queueUrl = (env: Env, group: ControllerGroup): string => required(env, environment.queue(group));

/** A variable's value. Throws an error that names it when it is absent or empty. */
export function required(env: Env, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

/** Comma-separated values. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((part) => part.trim() || []);

function httpsUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:')
    throw new Error(`the environment variable ${name} is no https URL: ${JSON.stringify(text)}`);
  return url;
}

function accessEntries(text: string | undefined): AccessEntry[] {
  if (!text) return [];
  const fail = (why: string) => new Error(`the environment variable ${environment.accessEntries} ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail(`is no JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(value)) throw fail('is no list of access entries');
  for (const [i, entry] of value.entries()) {
    const problem = problemOf(entry);
    if (problem) throw fail(`is wrong at [${i}]${problem}`);
  }
  return value as AccessEntry[];
}

function problemOf(entry: AccessEntry | null): string | undefined {
  if (typeof entry?.principalArn !== 'string') return '.principalArn: a string is required';
  if (entry.username !== undefined && typeof entry.username !== 'string') return '.username: not a string';
  if (!areStrings(entry.kubernetesGroups ?? [])) return '.kubernetesGroups: not a list of strings';
  const policies: unknown = entry.accessPolicies ?? [];
  if (!Array.isArray(policies)) return '.accessPolicies: not a list';
  const at = policies.findIndex(
    (policy) => typeof policy?.policyArn !== 'string' || !isScope(policy.accessScope),
  );
  return at < 0
    ? undefined
    : `.accessPolicies[${at}]: needs a policyArn, and a scope of type cluster or namespace`;
}

/** A scope that is not understood must not widen to the cluster. */
const isScope = (scope: AccessPolicy['accessScope']): boolean =>
  scope === undefined ||
  scope?.type === 'cluster' ||
  (scope?.type === 'namespace' && areStrings(scope.namespaces));

const areStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
