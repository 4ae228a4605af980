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

/** Describes what a composition root supplies to the API. */
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
  /** Has a logical cluster begin as its base, or as every cluster does, before the first request to it. */
  fillCluster?(cluster: string): Promise<void>;
  /** Has a logical cluster that is a fork begin, whoever asks for it: callers in the process too. `object` is its own. */
  beginFork?(object: Stored): Promise<void>;
  /** Writes what a logical cluster begins with in a group of the API, before the first request to any of it. */
  fillPolicy?(cluster: string, group: string): Promise<void>;
  /** Writes the Services that a logical cluster begins with, before the first request to any, or to endpoints. */
  fillServices?(cluster: string): Promise<void>;
  admission: readonly AdmissionPlugin[];
  /** Asks conversion webhooks of definitions. Absent: other versions than the stored one answer a Status. */
  askConversion?: AskConversion;
  /** A container's output, by the runtime. Absent: pods/log answers a Status. */
  podLogs?: PodLogs;
  /**
   * Is asked between the steps of a write: what it returns is awaited, so that a large object keeps nobody waiting for all
   * of them. Absent where a process serves one request at a time.
   */
  turn?: () => Promise<void> | undefined;
  /** Judges custom objects whose patterns and rules take long. Absent: they are judged at once, whoever waits meanwhile. */
  judge?: Judge;
  /** Validates definitions and policies whose patterns and expressions take long to compile. Absent: as for `judge`. */
  validate?: Validate;
  /** Says how long podLogs may take to find out that it cannot. Until then an error is a Status. Default: at once. */
  podLogsPatienceMs?: number;
  /** Lets clients into containers, on upgraded connections. Absent: exec, attach and portforward answer a Status. */
  podStreams?: PodStreaming;
  /** Speaks to programs in Pods. Absent: the proxies of Pods and Services answer a Status. */
  reach?: Reach;
  /** Speaks to API servers of others. Absent: requests to their groups answer a Status. */
  otherServers?: OtherServers;
  /** Is what to do about the proxies where nothing reaches the Pods. */
  proxyRemedy?: string;
  /** Opens a session that runs a command in a container. Absent: pods/exec answers a Status. */
  podSession?: PodSessions;
  /** Opens a session to a port of a Pod. Absent: pods/portforward answers a Status. */
  podPortSession?: PodPortSessions;
  /** Serves paths of the plane's own beside those of Kubernetes, by their first segment: any method, once it is allowed. */
  ownPaths?: Readonly<Record<string, Paths>>;
  /** Names this control plane in the sources of events. Absent: /events is not served. */
  deployment?: string;
  /** Says of how many resources a stream of events may tell, where following each costs. Absent: of all. */
  mostEventResources?: number;
  /** Serves /events/dead-letters, where events wait here that nobody took. */
  deadLetters?: Paths;
  /** Measures Pods and Nodes. Absent: metrics.k8s.io is not served, as in a cluster without metrics-server. */
  meter?: Meter;
  /** Counts the probes of Pods. Absent: /metrics/probes of Nodes has none. */
  podProbes?: PodProbes;
  /** Tokens for `kubectl create token`. Absent: serviceaccounts/token answers a Status. */
  issueToken?: IssueToken;
  /** Public keys that tokens of service accounts are signed with. Absent: no OpenID documents. */
  tokenKeys?(): Promise<readonly Jwk[]> | readonly Jwk[];
  /** Is what tokens of service accounts say issued them, and their audience where nobody asks for another. */
  tokenIssuer?: string;
  /** Checks of /readyz alone, by name; why one fails is logged. */
  readiness?: Record<string, () => Promise<void> | void>;
  /** Checks of /healthz, /livez and /readyz, by name: most are steps of a start, which may not have come to pass yet. */
  steps?: Record<string, () => Promise<void> | void>;
  /** Asks the parts of the cluster how they are, by the names of ComponentStatuses. Each throws when it is not well. */
  components?: Record<string, () => Promise<void> | void>;
  version?: Partial<VersionInfo>;
  /** Words for `kubectl explain` and editors. Absent: types and fields without a description. */
  descriptions?: Descriptions | undefined;
  /** Is what to do about exec, attach and port-forward where the transport cannot carry them. */
  upgradeRemedy?: string;
  /** Watches end after this, whatever their clients ask for. Milliseconds. */
  longestWatchMs?: number;
  /** A watch of one object ends with it: who waited for that has left, and not every transport hears of it. */
  watchesEndWithObject?: boolean;
  /** Objects read at a time for a list without a limit; more where each read costs. Default 250. */
  listPart?: number;
  /** Lets requests in as their turn comes. Absent: at once. */
  flowControl?: FlowControl;
  /** Keeps account of requests by a policy. Absent: none is kept. */
  auditTrail?: AuditTrail;
  /** Told of every request when it has been answered, of a watch when it has ended. */
  audit?(entry: AuditEntry): void;
}

/** Describes who did what, and how it went. Neither bodies nor queries: they may hold secrets. */
export interface AuditEntry {
  /** Absent when nobody could be made out. */
  user?: User;
  /** Says who the user acted as, if somebody else. */
  actingAs?: string;
  cluster?: string;
  verb: string;
  /** Absent for paths outside the resources. */
  resource?: { group: string; version: string; plural: string; subresource?: string };
  namespace?: string;
  name?: string;
  /** Without query. */
  path: string;
  code: number;
  milliseconds: number;
  address: string;
  userAgent?: string;
  /** Is what admission plugins said about it. */
  annotations?: Record<string, string>;
}

/** A container's output: PodRuntime.logs. */
export type PodLogs = PodRuntime['logs'];

/** Returns how the probes of a Pod have ended: PodRuntime.probes. */
export type PodProbes = NonNullable<PodRuntime['probes']>;

/** Describes what of it a runtime has. */
export type PodStreaming = Pick<PodRuntime, 'exec' | 'attach' | 'portForward'>;

/** Throws BadRequest when the container does not run. */
export type PodSessions = (pod: Pod, container: string, command: string) => Promise<PodSession>;

/** Opens a session of the cloud to a port of a Pod; the client then speaks to that cloud, not to the API. */
export type PodPortSessions = (pod: Pod, port: number) => Promise<PodSession>;

/** Describes where a program speaks to a session of its cloud, and what lets it in. */
export interface PodSession {
  streamUrl: string;
  tokenValue: string;
}

/** Signs a token for a ServiceAccount. `expiresAt` is in milliseconds since the epoch. */
export type IssueToken = (
  request: WantedToken,
) => Promise<{ token: string; expiresAt: number; audiences: string[] }>;

/** As /version answers it. */
export interface VersionInfo {
  major: string;
  minor: string;
  /** The release that features are those of. */
  emulationMajor: string;
  emulationMinor: string;
  /** The oldest release whose features the server goes well with. */
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
