import type { Duplex, Writable } from 'node:stream';
import type {
  ConfigMap,
  ContainerStatus,
  PersistentVolume,
  Pod,
  Secret,
  Service,
  ServiceAccount,
  Taint,
} from '../kinds/schema/types.ts';
import type { Key } from './storage.ts';

/** Identifies one incarnation of a Pod, across restarts of the control plane. */
export interface PodRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/**
 * Runs Pods. It is level-based: `ensure` says what should run, and `observe` returns what runs. The driver does restart
 * policy, back-off, probes and the order of init containers, since each substrate has its own means for them.
 */
export interface PodRuntime {
  /** Returns the Nodes that this runtime offers, as they should be registered. */
  nodes(): RuntimeNode[];

  /**
   * Starts the Pod, or adopts it when it runs already; another call changes nothing. Resolves when the Pod is accepted;
   * observe() shows its progress. Errors in objects that the Pod refers to become container statuses, not exceptions.
   */
  ensure(ref: PodRef, pod: Pod, sources: PodSources): Promise<void>;

  /**
   * Reports that an object was written. Files in Pods that are made of it are written again now. Absent where they follow at
   * the next sync, or never.
   */
  sourceChanged?(source: Key): void;

  /**
   * Returns the present state of the Pod; undefined when it is not here (never ensured, or removed). `pod` is the stored
   * object: a runtime without its own memory continues the restart counts of its status.
   */
  observe(ref: PodRef, pod?: Pod): Promise<PodObservation | undefined>;

  /** Yields each Pod that should be observed again. Begins with every known Pod. Ends when `signal` aborts. */
  changes(signal: AbortSignal): AsyncIterable<PodRef>;

  /**
   * Begins a graceful stop: SIGTERM, and SIGKILL after `graceSeconds`. Another call with fewer seconds shortens it. Resolves
   * at once; observe() shows the end as `stopped`.
   */
  stop(ref: PodRef, graceSeconds: number): Promise<void>;

  /** Removes a stopped Pod and frees everything that it held, its logs too. Does nothing when there is no such Pod. */
  remove(ref: PodRef): Promise<void>;

  /** Returns every Pod that is here, for sweeping those whose object is gone. */
  list(): Promise<PodRef[]>;

  /** Removes leftovers that no Pod needs, a few at a time; it is called periodically. Absent where there are none. */
  tidy?(): Promise<void>;

  /**
   * Observes many Pods with a few calls of the cloud, and changes nothing. It is for control planes that are not notified of
   * every change. Absent where changes() reports all.
   */
  survey?(pods: readonly Surveyed[]): Promise<Surveyed[]>;

  /**
   * Yields the output of a container. Throws BadRequest in kubelet's words when the container has not started or does not
   * exist. `pod` is as in observe().
   */
  logs(ref: PodRef, container: string, options: LogOptions, pod?: Pod): AsyncIterable<Uint8Array>;

  /**
   * Runs a command in a container, with the environment, working directory and address of its program. Resolves when the
   * command runs. Throws InternalError when the container does not run or the command cannot start. Absent where commands
   * cannot be run.
   */
  exec?(ref: PodRef, container: string, options: ExecOptions): Promise<PodProcess>;

  /**
   * Attaches to the program of a container, from now on; close() does not stop the program. Throws InternalError when it does
   * not run. Absent where programs have no output.
   */
  attach?(ref: PodRef, container: string, options: PodStreams): Promise<PodProcess>;

  /**
   * Connects to a TCP port of the Pod; each side may end its half alone. Throws InternalError with the reason when nothing
   * listens there. Absent where Pods have no ports.
   */
  portForward?(ref: PodRef, port: number): Promise<Duplex>;

  /** Returns the results of each probe of the Pod, counted since this process manages it. Absent where they are not counted. */
  probes?(ref: PodRef): ProbeCount[];
}

/** Counts one result of one probe of a container. */
export interface ProbeCount {
  container: string;
  /** The type in kubelet's words. */
  type: 'Liveness' | 'Readiness' | 'Startup';
  result: 'successful' | 'failed';
  count: number;
}

/** A Pod of a survey. */
export interface Surveyed {
  ref: PodRef;
  /** The stored object. */
  pod: Pod;
  /** Its state. Absent in a result when ensure() has something to do for it. */
  seen?: PodObservation;
}

/** Says which streams the client wants. */
export interface PodStreams {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
}

/** A command to run in a container, with the streams that its client wants. */
export interface ExecOptions extends PodStreams {
  command: string[];
  /** True for a terminal: stdout and stderr are one stream, and resize() sets its size. */
  tty: boolean;
}

/** A command or program to which a client is connected. */
export interface PodProcess {
  /** The input; to end it ends the input of the program. Present only when the client wants it and the program has one. */
  stdin?: Writable;
  /** The output; a slow reader makes the program wait. */
  stdout?: AsyncIterable<Uint8Array>;
  stderr?: AsyncIterable<Uint8Array>;
  /** Sets the size of the terminal; absent without a terminal. */
  resize?(columns: number, rows: number): void;
  /** Resolves with the exit code: 128 plus the number of a signal, 0 for a program that was only attached to. */
  readonly exitCode: Promise<number>;
  /** Reports that the client has left; a command is stopped. */
  close(): void;
}

/** A Node as a runtime wants it registered. */
export interface RuntimeNode {
  name: string;
  labels?: Record<string, string>;
  /** Kubernetes quantities, for example `{ cpu: '2', memory: '8Gi', pods: '110' }`. */
  capacity: Record<string, string>;
  addresses: { type: string; address: string }[];
  taints?: Taint[];
  /** True for a Node without a machine whose heartbeat could stop: its Lease is made once and never renewed. */
  virtual?: boolean;
  nodeInfo: Record<string, string>;
  /** What its container runtime supports, as in `status.features`. */
  features?: Record<string, boolean>;
}

/** Reads the objects that a Pod's spec refers to when they are needed. Undefined means that the object does not exist. */
export interface PodSources {
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
  /**
   * Returns the Services for environment variables: those of the Pod's namespace with a cluster IP, and default/kubernetes.
   * `links: false` returns only default/kubernetes.
   */
  services(options?: { links: boolean }): Promise<Service[]>;
  /** Returns a service-account token for the Pod. Its clients verify the API by clusterCa(). */
  token(serviceAccount: string, options: { audience?: string; expirationSeconds: number }): Promise<string>;
  /** Returns the CA certificate of the API, in PEM. */
  clusterCa(): string;
  /** Returns the ServiceAccount, whose annotations may name a cloud identity. Absent where no cloud identities exist. */
  serviceAccount?(name: string): Promise<ServiceAccount | undefined>;
  /** Returns the volume that this claim is bound to. */
  volume?(claim: string): Promise<PersistentVolume | undefined>;
  /**
   * Returns whether the stored Pod still exists, is not being deleted, has not ended and is within its deadline. A runtime that
   * several processes drive at once asks this right before it starts something. Absent where one process drives it.
   */
  isWanted?(): Promise<boolean>;
}

/** The state of a Pod as its runtime sees it. The pod controller turns it into the status. */
export interface PodObservation {
  podIP?: string;
  hostIP?: string;
  /** When the runtime accepted it, in milliseconds since the epoch. */
  startedAt?: number;
  initContainerStatuses: ContainerStatus[];
  containerStatuses: ContainerStatus[];
  ephemeralContainerStatuses?: ContainerStatus[];
  /** True when nothing of it runs any more and nothing will be restarted after stop(). */
  stopped: boolean;
  /** Set when the Pod failed as a whole, for example `Evicted`, `DeadlineExceeded`. */
  reason?: string;
  message?: string;
  /** Why nothing of it can start now, for example a quota. It becomes a condition. */
  held?: { reason: string; message: string };
  /** Why it does not have the resources of its spec yet. It becomes a condition. */
  resizing?: string;
  /** Milliseconds after which it has to be observed again, even without a report of a change. */
  lookAgainMs?: number;
}

/** An Event of a runtime, in kubelet's words: Pulled, Created, Started, Killing, BackOff, Unhealthy, Failed. */
export interface RuntimeEvent {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** The container, as `spec.containers{name}`. */
  fieldPath?: string;
  /** Identifies an occurrence that happens once: another report of it, also by another process, adds nothing. */
  once?: string;
}

/** Takes an Event of a Pod. Never waits, never throws. */
export type RuntimeEventSink = (pod: PodRef, event: RuntimeEvent) => void;

/** The options of PodLogOptions; times are in milliseconds since the epoch. */
export interface LogOptions {
  follow?: boolean;
  previous?: boolean;
  timestamps?: boolean;
  tailLines?: number;
  sinceMs?: number;
  limitBytes?: number;
  signal?: AbortSignal;
}
