import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import type { Logger } from '../../../shared/observability/logger.ts';
import type { BackOffPolicy } from '../../../shared/podspec/backOff.ts';
import type { RuntimeEventSink, SecretVault } from '../../../shared/ports/cloud.ts';
import type { VolumeParts } from '../volumes/volumeParts.ts';
import type { Architecture } from './architecture.ts';

export type Ecs = Pick<ECSClient, 'send'>;
export type Logs = Pick<CloudWatchLogsClient, 'send'>;

/** Describes where and as whom tasks run: what request builders read. */
export interface FargateSettings {
  /** Name of the deployment: the value of its tag, and in the names of task definitions. */
  deployment: string;
  /** ECS cluster, by name or ARN. */
  cluster: string;
  region: string;
  zones: { subnet: string; zone: string }[];
  securityGroups: string[];
  /** Tasks get public addresses: public subnets without NAT. */
  publicIp: boolean;
  /** CloudWatch log group of the containers. */
  logGroup: string;
  executionRole: string;
  /** Role of Pods whose service account names none. */
  taskRole?: string;
  /** Writes files, prepares volumes, probes: any image with busybox's tools. Asks for tokens, which takes curl or ssl_client. */
  projectorImage: string;
  /** Host by which Pods reach the API of the logical cluster `default`, on port 443; absent: they cannot. */
  apiHost?: string;
  /** Seconds between two tellings of what a Pod uses, where it reaches the API; absent: it tells nothing. */
  podMetrics?: number;
  /** The architecture of Pods that select none. */
  architecture: Architecture;
}

export interface FargateOptions extends FargateSettings {
  ecs: Ecs;
  logs: Logs;
  /** Absent: Pods that use Secrets in their environment or files wait, saying so. */
  secrets?: Pick<SecretVault, 'find' | 'tokens'>;
  /** Absent: Pods that mount a folder of an access point wait, saying so. */
  volumeParts?: VolumeParts;
  clock: Clock;
  ids: Ids;
  log: Logger;
  events?: RuntimeEventSink;
  /** Default: kubelet's. */
  backOff?: BackOffPolicy;
  /** Between the looks of changes(). Default 5 s. */
  pollMs?: number;
}
