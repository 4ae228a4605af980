import type { Client, Clients, Reader } from '../client/client.ts';
import type { Exchange } from '../client/http.ts';
import type { ExpressionWarning, Pod, ServiceAccount } from '../kinds/schema/types.ts';
import type { Soon } from '../meta/soon.ts';
import type { PodSources } from '../ports/cloud.ts';
import type { OtherServers } from '../ports/otherServers.ts';
import type { TypeCheck } from './validatingadmissionpolicystatus/plan.ts';

/** Describes what controllers need of the composition root beside the API and the cloud. */
export interface Environment {
  /** Clients of every logical cluster, for the controller that bootstraps them. */
  clients: Clients;
  /**
   * Asks a cluster's API as an account of kube-system, with its rights: servers of others are told who asks. Ends after a
   * while, whoever is asked.
   */
  exchangeAs(account: string, cluster: string): Exchange;
  /** Returns what a Pod's spec refers to, read through `client`. */
  podSources(client: Client, cluster: string, pod: Pod): PodSources;
  /** PEM of the certificate authority that the API's certificate is signed by. */
  clusterCa(): string;
  /** Returns where Pods reach the API: endpoints of the Service default/kubernetes. */
  apiEndpoint(): ApiEndpoint | undefined;
  /** Speaks to API servers of others. Absent where nothing reaches Services. */
  otherServers?: OtherServers;
  /** PEM of the authorities that they are told of: of clients' certificates, and of this server's own. Absent: of none. */
  clientCa?(): string;
  frontProxyCa?(): string;
  /**
   * Says where names of the cluster `default` are to be answered: cluster IP of its Service kube-dns. Absent: nowhere.
   */
  clusterDnsIP?: string;
  /** Says where addresses of Services come from. */
  serviceCidr: string;
  /** A token of the account that is bound to no Pod. */
  issueToken(cluster: string, account: ServiceAccount, wanted: WantedToken): Promise<string>;
  /** Tokens issued before are good for nothing any more. Milliseconds since the epoch; absent: each is until it ends. */
  tokensSince?: number;
  /**
   * Types of the conditions that say how a Pod stands with each load balancer by which connections come to it now. They go on
   * for a while to send some to a Pod that they were told to leave, and nobody runs its hooks: it is stopped once they have
   * let go of it. Absent: at once.
   */
  balancersOf?(client: Reader, pod: Pod): Promise<string[]>;
  /** Returns the port of a Node's kubelet; 0: it has none. Absent: nobody knows of any. */
  kubeletPort?(node: string): number;
  /** Signs what somebody asks a certificate for. Absent where the authority of the API is not ours. */
  signCertificate?(wanted: WantedCertificate): Promise<string>;
  /** Puts roles and bindings right that a logical cluster began with, once a start. Absent where nothing starts. */
  refillPolicy?(cluster: string): Promise<void>;
  /** Has a logical cluster begin as its base, or as every cluster does. Absent where `bootstrap` writes all of that. */
  fillCluster?(cluster: string): Promise<void>;
  /** Checks a policy of a logical cluster, which may take long; then where nobody waits for it. Absent: at once. */
  checkTypes?(task: TypeCheck, cluster: string): Soon<ExpressionWarning[]>;
  /** Returns whether a logical cluster keeps still, and its controllers do not run. Absent where nothing rests. */
  rests?(cluster: string): boolean;
  /** Removes a logical cluster's data once its objects are gone. */
  dropCluster(cluster: string): Promise<void>;
}

/** Describes what a certificate is to say, and for how long. */
export interface WantedCertificate {
  /** PKCS #10 in PEM. */
  request: string;
  usages: readonly string[];
  expirationSeconds?: number;
  /** Milliseconds since the epoch. */
  now: number;
}

/** For whom a token of a ServiceAccount is, and how long it is good. */
export interface WantedToken {
  /** Name of the Secret that is to hold it: it is good as long as it stands there, and nothing else is heeded. */
  heldBy?: string;
  /** Absent: the API's own. */
  audience?: string;
  expirationSeconds: number;
}

/** Describes where the API listens, as Pods see it. */
export interface ApiEndpoint {
  /** IP; absent where there is no fixed one: the Service then has no endpoints. */
  address?: string;
  port: number;
  /** Cluster IP of that Service in the cluster `default`; elsewhere, or absent: any. */
  clusterIP?: string;
}
