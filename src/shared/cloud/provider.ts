import type { Duplex, Writable } from 'node:stream';
import type {
  ConfigMap,
  ContainerStatus,
  Ingress,
  IngressLoadBalancerIngress,
  LoadBalancerIngress,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeSpec,
  Pod,
  Secret,
  Service,
  ServiceAccount,
  StorageClass,
  Taint,
} from '../kinds/schema/types.ts';

/** What the control plane asks of a cloud or a machine. Each port has a contract suite that every driver passes. */
export interface Cloud {
  pods: PodRuntime;
  loadBalancers: LoadBalancers;
  /** Absent where containers get their Secrets from the Pod runtime itself. */
  secrets?: SecretVault;
  /** Absent where no name server is to be told. */
  names?: NameService;
  /** Absent where nobody serves Ingresses. */
  ingresses?: Ingresses;
  /** Absent where volumes are made by somebody else. */
  volumes?: Volumes;
}

/** Identifies a Pod's incarnation across restarts of the control plane. */
export interface PodRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/**
 * Runs Pods. Level-based: `ensure` says what should run, `observe` what does. Restart policy, back-off, probes and
 * init order are the driver's work, since each substrate has its own means for them.
 */
export interface PodRuntime {
  /** The Nodes this runtime offers, as it wants them registered. */
  nodes(): RuntimeNode[];

  /**
   * Starts the Pod, or adopts it when it runs already: calling again changes nothing. Resolves once accepted;
   * progress shows in observe(). Errors in what the Pod refers to become container statuses, not exceptions.
   */
  ensure(ref: PodRef, pod: Pod, sources: PodSources): Promise<void>;

  /**
   * What is known of the Pod now; undefined when it is not here (never ensured, or removed). `pod` is the object as
   * stored: runtimes that remember nothing themselves count restarts on from its status.
   */
  observe(ref: PodRef, pod?: Pod): Promise<PodObservation | undefined>;

  /** Says which Pod to observe again. Every Pod known at the start is said once. Ends when `signal` aborts. */
  changes(signal: AbortSignal): AsyncIterable<PodRef>;

  /**
   * Begins an orderly stop: TERM, after `graceSeconds` KILL. Calling again with less grace shortens it. Resolves at
   * once; the end shows as `stopped` in observe().
   */
  stop(ref: PodRef, graceSeconds: number): Promise<void>;

  /** Forgets a stopped Pod and frees everything it held, its logs too. Nothing happens when there is none. */
  remove(ref: PodRef): Promise<void>;

  /** Every Pod here, for sweeping those whose object is gone. */
  list(): Promise<PodRef[]>;

  /**
   * A container's output. Throws BadRequest with kubelet's words when it has not started or is not there. `pod` as in
   * observe().
   */
  logs(ref: PodRef, container: string, options: LogOptions, pod?: Pod): AsyncIterable<Uint8Array>;

  /**
   * Runs a command beside a container's program, with its environment, folder and address. Resolves once it runs.
   * Throws InternalError when the container does not run or the command cannot start. Absent: nothing can be run here.
   */
  exec?(ref: PodRef, container: string, options: ExecOptions): Promise<PodProcess>;

  /**
   * What a container's program prints from now on; close() leaves the program alone. Throws InternalError when it
   * does not run. Absent: nothing prints here.
   */
  attach?(ref: PodRef, container: string, options: PodStreams): Promise<PodProcess>;

  /**
   * Connects to a TCP port of the Pod; either side may end its half alone. Throws InternalError, saying why, when
   * nobody listens there. Absent: there are no ports here.
   */
  portForward?(ref: PodRef, port: number): Promise<Duplex>;
}

/** Which streams are wanted. */
export interface PodStreams {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
}

export interface ExecOptions extends PodStreams {
  command: string[];
  /** A terminal: stdout and stderr are one, resize() tells its size. */
  tty: boolean;
}

/** A command or program with somebody at the other end. */
export interface PodProcess {
  /** Ending it is the end of the input; only if it was wanted, and can be had. */
  stdin?: Writable;
  /** Whoever reads slowly makes the program wait. */
  stdout?: AsyncIterable<Uint8Array>;
  stderr?: AsyncIterable<Uint8Array>;
  /** Of a terminal. */
  resize?(columns: number, rows: number): void;
  /** How it ended: 128 and its number for a signal, 0 for a program that was only attached to. */
  readonly exitCode: Promise<number>;
  /** Nobody is at the other end any more: a command is ended. */
  close(): void;
}

export interface RuntimeNode {
  name: string;
  labels?: Record<string, string>;
  /** Quantities, for example `{ cpu: '2', memory: '8Gi', pods: '110' }`. */
  capacity: Record<string, string>;
  addresses: { type: string; address: string }[];
  taints?: Taint[];
  /** There is no machine whose heartbeat could stop: its Lease is made, but never renewed. */
  virtual?: boolean;
  nodeInfo: Record<string, string>;
}

/** What a Pod's spec refers to, read at the moment it is needed. Undefined means: there is no such object. */
export interface PodSources {
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
  /** Services of the Pod's namespace (and default/kubernetes) with a cluster IP, for environment variables. */
  services(): Promise<Service[]>;
  /** A service-account token for the Pod, with the CA certificate that goes with it (PEM). */
  token(serviceAccount: string, options: { audience?: string; expirationSeconds: number }): Promise<string>;
  clusterCa(): string;
  /** For annotations that name a cloud identity. Absent: there is none to find. */
  serviceAccount?(name: string): Promise<ServiceAccount | undefined>;
  /** The volume that this claim is bound to. */
  volume?(claim: string): Promise<PersistentVolume | undefined>;
}

export interface PodObservation {
  podIP?: string;
  hostIP?: string;
  /** When the runtime accepted it: milliseconds since the epoch. */
  startedAt?: number;
  initContainerStatuses: ContainerStatus[];
  containerStatuses: ContainerStatus[];
  /** Nothing of it runs any more and nothing will be restarted after stop(). */
  stopped: boolean;
  /** Set when the Pod failed as a whole, for example `Evicted`, `DeadlineExceeded`. */
  reason?: string;
  message?: string;
  /** Why nothing of it can start just now, for example a quota; becomes a condition. */
  held?: { reason: string; message: string };
  /** The runtime wants to be asked again then, even if nothing says that it changed. */
  lookAgainMs?: number;
}

/** Emitted by runtimes as kubelet does: Pulled, Created, Started, Killing, BackOff, Unhealthy, Failed. */
export interface RuntimeEvent {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** `spec.containers{name}`. */
  fieldPath?: string;
  /** What it tells of, when that happens once: whoever tells it again, elsewhere too, adds nothing. */
  once?: string;
}

export type RuntimeEventSink = (pod: PodRef, event: RuntimeEvent) => void;

/** As in PodLogOptions; times in milliseconds since the epoch. */
export interface LogOptions {
  follow?: boolean;
  previous?: boolean;
  timestamps?: boolean;
  tailLines?: number;
  sinceMs?: number;
  limitBytes?: number;
  signal?: AbortSignal;
}

export interface ServiceRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** Makes Services reachable. Called with every change of a Service or its endpoints; idempotent. */
export interface LoadBalancers {
  /**
   * Routes each port of the Service to the ready endpoints. Connections to an endpoint that left are drained, not
   * cut. Answers where a LoadBalancer Service can be reached; empty for other types or while not yet known.
   */
  ensure(ref: ServiceRef, service: Service, endpoints: ServiceEndpoint[]): Promise<LoadBalancerIngress[]>;

  /** Stops routing and frees addresses. Nothing happens when there is none. */
  remove(ref: ServiceRef): Promise<void>;

  /** Every Service served here, for sweeping. */
  list(): Promise<ServiceRef[]>;
}

export interface ServiceEndpoint {
  /** Name of the Service port it belongs to; empty for an unnamed one. */
  portName: string;
  address: string;
  port: number;
  protocol: string;
  /** False while it may only finish the connections it has. */
  ready: boolean;
}

/**
 * What one place serves: an Ingress, or a group of them in a logical cluster. A group has no namespace, and its name
 * makes the `uid`, since it has no object.
 */
export type IngressRef = ServiceRef;

/** Serves HTTP by host and path. Called with every change of Ingresses, their Services or endpoints; idempotent. */
export interface Ingresses {
  /**
   * Routes what the rules of the Ingresses say to the ready endpoints of their Services, in this order. One that cannot
   * be had, by itself or beside the others, is left out. Nothing but endpoints changes when none can, or when one that is
   * served there says something of the whole place that cannot be read: it might be who may come in.
   */
  ensure(ref: IngressRef, members: IngressMember[]): Promise<IngressOutcome>;

  /** Stops routing and frees everything. Nothing happens when there is none. */
  remove(ref: IngressRef): Promise<void>;

  /** Every Ingress and group served here, for sweeping. */
  list(): Promise<IngressRef[]>;
}

export interface IngressMember {
  ingress: Ingress;
  /** Whether it was served there up to now: what it says of the whole place goes on to count when it is left out. */
  isServed: boolean;
  backends: IngressEndpoints[];
}

export interface IngressOutcome {
  /** Where all can be reached; empty while not yet known, absent when nothing changed. */
  points?: IngressLoadBalancerIngress[];
  /** Why those that are left out cannot be had, by UID: Invalid errors that name the field or annotation. */
  refused: Map<string, Error>;
}

/** What one Service port that an Ingress names leads to; no endpoints while there is no such port. */
export interface IngressEndpoints {
  service: string;
  /** As in the Ingress. */
  port: string | number;
  /** Of the Service. */
  annotations?: Record<string, string>;
  endpoints: ServiceEndpoint[];
}

export interface SecretRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** Copies Secrets to where a cloud injects them into containers. */
export interface SecretVault {
  /** Makes the copy be as the Secret is; unchanged data writes nothing. Answers where it can be read from. */
  project(ref: SecretRef, secret: Secret): Promise<SecretReference>;

  /** Where the copy is, if it is there and of this revision of the data; writes nothing. */
  find(ref: SecretRef, secret: Secret): Promise<SecretReference | undefined>;

  /** Deletes the copy at once. Nothing happens when there is none. */
  remove(ref: SecretRef): Promise<void>;

  /** Every copy of this deployment, for sweeping; tokens too, by the name that `tokensName` gives them. */
  list(): Promise<SecretRef[]>;

  /** Absent where Pods do not reach the API, so that tokens are of no use to them. */
  tokens?: TokenVault;
}

/** Keeps tokens of ServiceAccounts where a cloud injects them into containers. Audience `` is the API's own. */
export interface TokenVault {
  /** Replaces what is kept for `ref` by these, by audience, and remembers when they are to be replaced. */
  keep(ref: SecretRef, tokens: ReadonlyMap<string, string>, renewAt: number): Promise<void>;

  /** Where the token for this audience is, if there is one of this very account (by uid); writes nothing. */
  find(ref: SecretRef, audience: string): Promise<TokenReference | undefined>;
}

export interface TokenReference {
  /** What a task definition's `valueFrom` takes: `arn:aws:secretsmanager:…:<key>::`. */
  valueFrom: string;
  /** Milliseconds since the epoch, of which whole seconds are kept. */
  renewAt: number;
}

export interface SecretReference {
  /** What a task definition's `valueFrom` takes, without a key: `arn:aws:secretsmanager:…`. */
  arn: string;
}

/** Publishes the names of Services, `<service>.<namespace>.svc.cluster.local` and those below it. */
export interface NameService {
  /** Makes the Service's records be these and no others. Answers whether it has any now and had none. */
  publish(ref: ServiceRef, records: NameRecord[]): Promise<boolean>;

  /** Removes every record of the Service. Nothing happens when there is none. */
  withdraw(ref: ServiceRef): Promise<void>;

  /** Every Service with records, for sweeping. */
  list(): Promise<ServiceRef[]>;
}

export interface NameRecord {
  /** Relative to the zone: `web.default.svc`, `web-0.web.default.svc`, `_http._tcp.web.default.svc`. */
  name: string;
  type: 'A' | 'AAAA' | 'CNAME' | 'SRV';
  /** As in a zone file; several for several addresses. */
  values: string[];
}

/** Identifies the claim that a volume was made for. */
export interface VolumeRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** Makes the storage behind claims. What it has made is removed only when asked: nobody sweeps data. */
export interface Volumes {
  /** StorageClasses of this one are for it to serve. */
  readonly provisioner: string;

  /** What a cluster begins with. */
  readonly classes: StorageClass[];

  /**
   * Makes a volume for the claim, or answers the one that it made for its uid. Throws Invalid for parameters of the
   * class that it cannot follow.
   */
  provision(ref: VolumeRef, claim: PersistentVolumeClaim, storageClass: StorageClass): Promise<MadeVolume>;

  /** Deletes the volume, and what is in it where that can be reached. Nothing happens when there is none. */
  remove(ref: VolumeRef): Promise<void>;

  /** Every volume made here. */
  list(): Promise<VolumeRef[]>;
}

export interface MadeVolume {
  /** Where it is: one source of a PersistentVolume, and what else of its spec follows from it. */
  spec: PersistentVolumeSpec;
  /** A quantity, at least what was asked for. */
  capacity: string;
}
