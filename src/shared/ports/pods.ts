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
   * Says that an object was written. Files in Pods that are made of it are made again now. Absent: they follow when they
   * are looked at the next time, or never.
   */
  sourceChanged?(source: Key): void;

  /**
   * Returns what is known of the Pod now; undefined when it is not here (never ensured, or removed). `pod` is the
   * object as stored: runtimes that remember nothing themselves count restarts on from its status.
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

  /** Removes what no Pod needs any more, a little at a time; called now and then. Absent: nothing is left over. */
  tidy?(): Promise<void>;

  /**
   * Looks at many Pods at the price of a few calls: what observe() would tell of each, without changing anything. For
   * control planes that are not told of every change. Absent: changes() tells of all.
   */
  survey?(pods: readonly Surveyed[]): Promise<Surveyed[]>;

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
   * Returns what a container's program prints from now on; close() leaves the program alone. Throws InternalError when
   * it does not run. Absent: nothing prints here.
   */
  attach?(ref: PodRef, container: string, options: PodStreams): Promise<PodProcess>;

  /**
   * Connects to a TCP port of the Pod; either side may end its half alone. Throws InternalError, saying why, when
   * nobody listens there. Absent: there are no ports here.
   */
  portForward?(ref: PodRef, port: number): Promise<Duplex>;

  /** Returns how often each probe of the Pod has ended how, since this process looks after it. Absent: nobody counts. */
  probes?(ref: PodRef): ProbeCount[];
}

/** Says how often a probe of a container has ended in a certain way. */
export interface ProbeCount {
  container: string;
  /** As kubelet calls them. */
  type: 'Liveness' | 'Readiness' | 'Startup';
  result: 'successful' | 'failed';
  count: number;
}

/** A Pod of a survey. */
export interface Surveyed {
  ref: PodRef;
  /** As stored. */
  pod: Pod;
  /** Is what there is of it. Absent in an answer: ensure() has something to do for it. */
  seen?: PodObservation;
}

/** Describes which streams are wanted. */
export interface PodStreams {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
}

/** A command to run in a container, with the streams that its client wants. */
export interface ExecOptions extends PodStreams {
  command: string[];
  /** A terminal: stdout and stderr are one, resize() tells its size. */
  tty: boolean;
}

/** A command or program with somebody at the other end. */
export interface PodProcess {
  /** Ending it is the end of the input; only if it was wanted, and can be had. */
  stdin?: Writable;
  /** A slow reader makes the program wait. */
  stdout?: AsyncIterable<Uint8Array>;
  stderr?: AsyncIterable<Uint8Array>;
  /** Sets the size of the terminal; absent without a terminal. */
  resize?(columns: number, rows: number): void;
  /** Says how it ended: 128 and its number for a signal, 0 for a program that was only attached to. */
  readonly exitCode: Promise<number>;
  /** Nobody is at the other end any more: a command is ended. */
  close(): void;
}

/** A Node as a runtime wants it registered. */
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
  /** Is what its container runtime can do, in words of `status.features`. */
  features?: Record<string, boolean>;
}

/** Describes what a Pod's spec refers to, read at the moment it is needed. Undefined means: there is no such object. */
export interface PodSources {
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
  /**
   * Services of the Pod's namespace and default/kubernetes, those with a cluster IP, for environment variables.
   * `links: false`: default/kubernetes alone.
   */
  services(options?: { links: boolean }): Promise<Service[]>;
  /** A service-account token for the Pod, with the CA certificate that goes with it (PEM). */
  token(serviceAccount: string, options: { audience?: string; expirationSeconds: number }): Promise<string>;
  clusterCa(): string;
  /** For annotations that name a cloud identity. Absent: there is none to find. */
  serviceAccount?(name: string): Promise<ServiceAccount | undefined>;
  /** The volume that this claim is bound to. */
  volume?(claim: string): Promise<PersistentVolume | undefined>;
  /**
   * Whether the Pod is still there, not being deleted, not ended and within its deadline, as storage has it now. A runtime that others drive at
   * the same time asks at the last moment before it starts something. Absent: nobody else does.
   */
  isWanted?(): Promise<boolean>;
}

/** Describes what a runtime sees of a Pod: the pod controller makes its status of it. */
export interface PodObservation {
  podIP?: string;
  hostIP?: string;
  /** Says when the runtime accepted it: milliseconds since the epoch. */
  startedAt?: number;
  initContainerStatuses: ContainerStatus[];
  containerStatuses: ContainerStatus[];
  ephemeralContainerStatuses?: ContainerStatus[];
  /** Nothing of it runs any more and nothing will be restarted after stop(). */
  stopped: boolean;
  /** Set when the Pod failed as a whole, for example `Evicted`, `DeadlineExceeded`. */
  reason?: string;
  message?: string;
  /** Says why nothing of it can start just now, for example a quota; becomes a condition. */
  held?: { reason: string; message: string };
  /** Says why it does not have the resources of its spec yet; becomes a condition. */
  resizing?: string;
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
  /** Identifies something that happens once: reporting it again, also from another process, adds nothing. */
  once?: string;
}

/** Describes where a runtime tells what happened to a Pod. Never waits, never throws. */
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
