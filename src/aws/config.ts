import { type Features, featuresOf } from '../shared/kinds/features.ts';
import { type Architecture, architectures, usualArchitecture } from './drivers/pods/architecture.ts';
import type { FargateSettings } from './drivers/pods/options.ts';
import { type AccessEntry, parseAccessEntries } from './iam/accessEntries.ts';
import { environment } from './names.ts';

/** The environment of a Lambda. */
export type Env = Record<string, string | undefined>;

/** Describes what every Lambda with storage needs. */
export interface CoreConfig {
  deployment: string;
  table: string;
  /** ARN or id of the key that wraps data keys; absent: Secrets are stored as DynamoDB encrypts them. */
  kmsKey?: string;
  /** Is what is on beyond what Kubernetes has on; absent: nothing. */
  features?: Features;
  /** Tokens of service accounts whose key is older are refused. Milliseconds since the epoch; absent: none are. */
  tokensSince?: number;
  /** Seconds between two tellings of what a Pod uses; absent: nobody measures Pods. */
  podMetrics?: number;
  /** Whether what asks for it is put to sleep and woken; absent: nothing is. */
  scalesToZero?: true;
}

/** Describes who may sign in through IAM. */
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

/** Throws an error that names the variable. */
export function coreConfig(env: Env): CoreConfig {
  const kmsKey = env[environment.kmsKey];
  return {
    deployment: required(env, environment.deployment),
    table: required(env, environment.table),
    ...(kmsKey && { kmsKey }),
    ...featuresIn(env),
    ...tokensSinceIn(env),
    ...podMetricsIn(env),
    ...(env[environment.activator] && { scalesToZero: true as const }),
  };
}

function podMetricsIn(env: Env): { podMetrics?: number } {
  const text = env[environment.podMetrics];
  if (!text) return {};
  const podMetrics = Number(text);
  if (Number.isInteger(podMetrics) && podMetrics > 0) return { podMetrics };
  throw new Error(`the environment variable ${environment.podMetrics} is no number of seconds: ${text}`);
}

function featuresIn(env: Env): { features?: Features } {
  const gates = listOf(env[environment.featureGates]);
  const versions = listOf(env[environment.runtimeConfig]);
  return gates.length + versions.length > 0 ? { features: featuresOf({ gates, versions }) } : {};
}

function tokensSinceIn(env: Env): { tokensSince?: number } {
  const text = env[environment.tokensSince];
  if (!text) return {};
  const tokensSince = Date.parse(text);
  if (Number.isNaN(tokensSince))
    throw new Error(`the environment variable ${environment.tokensSince} is no time`);
  return { tokensSince };
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

/** Returns where and as whom Pods run. Throws an error that names the variable. */
export function fargateSettings(env: Env): FargateSettings {
  const taskRole = env[environment.taskRole];
  const podApi = env[environment.podApiUrl];
  return {
    deployment: required(env, environment.deployment),
    cluster: required(env, environment.ecsCluster),
    region: required(env, 'AWS_REGION'),
    zones: zonesOf(required(env, environment.zones)),
    securityGroups: listOf(required(env, environment.podSecurityGroups)),
    publicIp: env[environment.publicIp] === 'true',
    logGroup: required(env, environment.logGroup),
    executionRole: required(env, environment.executionRole),
    ...(taskRole && { taskRole }),
    projectorImage: required(env, environment.projectorImage),
    architecture: architectureIn(env),
    ...(podApi && { apiHost: hostOf(environment.podApiUrl, podApi) }),
    ...podMetricsIn(env),
  };
}

/** A variable's value. Throws an error that names it when it is absent or empty. */
export function required(env: Env, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

/** Comma-separated values. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((part) => part.trim() || []);

/** One subnet for each zone: a load balancer takes no second one. */
export function balancedSubnets(env: Env): string[] {
  const zones = zonesOf(env[environment.balancerZones] || required(env, environment.zones));
  return zones
    .filter(({ zone }, i) => zones.findIndex((other) => other.zone === zone) === i)
    .map(({ subnet }) => subnet);
}

function zonesOf(text: string): FargateSettings['zones'] {
  return listOf(text).map((pair) => {
    const [subnet, zone, ...more] = pair.split('=');
    if (!subnet || !zone || more.length)
      throw new Error(
        `the environment variable ${environment.zones} has a part that is no SUBNET=ZONE: ${pair}`,
      );
    return { subnet, zone };
  });
}

/** Clients in Pods take a host only, and port 443. */
function hostOf(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.port || url.pathname !== '/')
    throw new Error(`the environment variable ${name} is no https URL of a host: ${JSON.stringify(text)}`);
  return url.hostname;
}

function architectureIn(env: Env): Architecture {
  const text = env[environment.architecture] || usualArchitecture;
  const found = architectures.find((each) => each === text);
  if (!found)
    throw new Error(
      `the environment variable ${environment.architecture} is amd64 or arm64, not ${JSON.stringify(text)}`,
    );
  return found;
}

function accessEntries(text: string | undefined): AccessEntry[] {
  try {
    return text ? parseAccessEntries(text) : [];
  } catch (error) {
    const why = (error as Error).message;
    throw new Error(`the environment variable ${environment.accessEntries} is wrong: ${why}`);
  }
}
