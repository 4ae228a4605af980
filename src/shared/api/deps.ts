import type { AdmissionPlugin } from '../admission/plugin.ts';
import type { Credentials } from '../auth/authenticate.ts';
import type { Authorizer } from '../auth/authorize.ts';
import type { Jwk } from '../auth/tokenKeys.ts';
import type { WantedToken } from '../auth/tokenRequests.ts';
import type { User } from '../auth/user.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Judge, Validate } from '../kinds/schema/objectSchema.ts';
import type { Pod } from '../kinds/schema/types.ts';
import type { Soon } from '../meta/soon.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { PodRuntime } from '../ports/cloud.ts';
import type { OtherServers } from '../ports/otherServers.ts';
import type { Reach } from '../ports/reach.ts';
import type { Storage, Stored } from '../ports/storage.ts';
import type { AuditTrail } from './auditTrail.ts';
import type { AskConversion } from './custom/convert.ts';
import type { FlowControl } from './flowControl.ts';
import type { Meter } from './metrics/meter.ts';
import type { Descriptions } from './openapi/descriptions.ts';
import type { Paths } from './paths.ts';
import type { Elsewhere } from './write/decode.ts';

/** What a composition root supplies to the API. */
export interface ApiDeps extends Elsewhere {
  storage: Storage;
  // biome-ignore lint/suspicious/noExplicitAny: kinds of every object type stand in one list
  kinds: readonly Kind<any>[];
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Metrics;
  authenticate(credentials: Credentials): Soon<User>;
  authorizer: Authorizer;
  /** Creates the first objects of a logical cluster, or makes it a fork of its base, before the first request to it. */
  fillCluster?(cluster: string): Promise<void>;
  /** Makes a logical cluster the fork that its `object` describes, also for callers in the process. */
  beginFork?(object: Stored): Promise<void>;
  /** Writes the first objects of a logical cluster in an API group, before the first request to that group. */
  fillPolicy?(cluster: string, group: string): Promise<void>;
  /** Writes the first Services of a logical cluster, before the first request to Services or endpoints. */
  fillServices?(cluster: string): Promise<void>;
  admission: readonly AdmissionPlugin[];
  /** Calls conversion webhooks of definitions. Absent: other versions than the stored one answer a Status. */
  askConversion?: AskConversion;
  /** Reads the output of a container from the runtime. Absent: pods/log answers a Status. */
  podLogs?: PodLogs;
  /**
   * Is called between the steps of a write. The write awaits its result, so that a large object does not block other requests
   * for all steps. Absent where a process serves one request at a time.
   */
  turn?: () => Promise<void> | undefined;
  /** Validates custom objects of a logical cluster whose patterns and rules take long. Absent: they are validated in this thread and block it. */
  judge?: (cluster: string) => Judge;
  /** Validates definitions and policies of a logical cluster whose patterns and expressions take long to compile. Absent: as for `judge`. */
  validate?: (cluster: string) => Validate;
  /** How long podLogs may take to fail, in milliseconds. Until then an error becomes a Status. Default: 0. */
  podLogsPatienceMs?: number;
  /** Connects clients to containers on upgraded connections. Absent: exec, attach and portforward answer a Status. */
  podStreams?: PodStreaming;
  /** Sends HTTP to programs in Pods. Absent: the proxies of Pods and Services answer a Status. */
  reach?: Reach;
  /** Sends requests to aggregated API servers. Absent: requests to their groups answer a Status. */
  otherServers?: OtherServers;
  /** What users can do instead of the proxies, where Pods cannot be reached. */
  proxyRemedy?: string;
  /** Opens a session that runs a command in a container. Absent: pods/exec answers a Status. */
  podSession?: PodSessions;
  /** Opens a session to a port of a Pod. Absent: pods/portforward answers a Status. */
  podPortSession?: PodPortSessions;
  /** Serves paths of the plane besides those of Kubernetes, by their first segment: any method, after authorisation. */
  ownPaths?: Readonly<Record<string, Paths>>;
  /** Names this control plane in the sources of events. Absent: /events is not served. */
  deployment?: string;
  /** The number of resources that a stream of events may follow, where each one costs. Absent: all. */
  mostEventResources?: number;
  /** Serves /events/dead-letters: events that no webhook accepted. */
  deadLetters?: Paths;
  /** Measures Pods and Nodes. Absent: metrics.k8s.io is not served, as in a cluster without metrics-server. */
  meter?: Meter;
  /** Counts the probes of Pods. Absent: /metrics/probes of Nodes has none. */
  podProbes?: PodProbes;
  /** Signs tokens for `kubectl create token`. Absent: serviceaccounts/token answers a Status. */
  issueToken?: IssueToken;
  /** The public keys of service-account tokens. Absent: OpenID documents are not served. */
  tokenKeys?(): Promise<readonly Jwk[]> | readonly Jwk[];
  /** The issuer of service-account tokens, and their default audience. */
  tokenIssuer?: string;
  /** Checks of /readyz alone, by name; why one fails is logged. */
  readiness?: Record<string, () => Promise<void> | void>;
  /** Checks of /healthz, /livez and /readyz, by name: most are steps of the start that may not be done yet. */
  steps?: Record<string, () => Promise<void> | void>;
  /** Health checks of ComponentStatuses, by name. Each throws when its component is unhealthy. */
  components?: Record<string, () => Promise<void> | void>;
  version?: Partial<VersionInfo>;
  /** Descriptions for `kubectl explain` and editors. Absent: types and fields have no description. */
  descriptions?: Descriptions | undefined;
  /** What users can do instead of exec, attach and port-forward, where the transport cannot carry them. */
  upgradeRemedy?: string;
  /** The longest duration of a watch, in milliseconds, whatever its client asks for. */
  longestWatchMs?: number;
  /** True when a watch of one object ends with the deletion of the object: some transports do not notice that a client has left. */
  watchesEndWithObject?: boolean;
  /** How many objects a list without a limit reads at a time, by default 250; more where each read costs. */
  listPart?: number;
  /** Queues requests by priority and fairness. Absent: every request is served at once. */
  flowControl?: FlowControl;
  /** Writes audit events by a policy. Absent: there is no audit log. */
  auditTrail?: AuditTrail;
  /** Is called for every request after its answer, for a watch after its end. */
  audit?(entry: AuditEntry): void;
}

/** Describes a request and its result. It has no bodies and no queries, since they may hold secrets. */
export interface AuditEntry {
  /** Absent when the user is unknown. */
  user?: User;
  /** The impersonated user, if any. */
  actingAs?: string;
  cluster?: string;
  verb: string;
  /** Absent for paths that are not resources. */
  resource?: { group: string; version: string; plural: string; subresource?: string };
  namespace?: string;
  name?: string;
  /** The path without the query. */
  path: string;
  code: number;
  milliseconds: number;
  address: string;
  userAgent?: string;
  /** The annotations of admission plugins. */
  annotations?: Record<string, string>;
}

/** Reads the output of a container: PodRuntime.logs. */
export type PodLogs = PodRuntime['logs'];

/** Returns how the probes of a Pod have ended: PodRuntime.probes. */
export type PodProbes = NonNullable<PodRuntime['probes']>;

/** The streaming calls that a runtime has. */
export type PodStreaming = Pick<PodRuntime, 'exec' | 'attach' | 'portForward'>;

/** Opens a session that runs a command in a container. Throws BadRequest when the container does not run. */
export type PodSessions = (pod: Pod, container: string, command: string) => Promise<PodSession>;

/** Opens a session of the cloud to a port of a Pod. The client then connects to the cloud, not to the API. */
export type PodPortSessions = (pod: Pod, port: number) => Promise<PodSession>;

/** The address and the token of a session of the cloud. */
export interface PodSession {
  streamUrl: string;
  tokenValue: string;
}

/** Signs a token for a ServiceAccount. `expiresAt` is in milliseconds since the epoch. */
export type IssueToken = (
  request: WantedToken,
) => Promise<{ token: string; expiresAt: number; audiences: string[] }>;

/** The answer of /version. */
export interface VersionInfo {
  major: string;
  minor: string;
  /** The Kubernetes release whose features the server has. */
  emulationMajor: string;
  emulationMinor: string;
  /** The oldest release that the server is compatible with. */
  minCompatibilityMajor: string;
  minCompatibilityMinor: string;
  gitVersion: string;
  gitCommit: string;
  gitTreeState: string;
  buildDate: string;
  goVersion: string;
  compiler: string;
  platform: string;
}
