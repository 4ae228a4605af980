import type { Duplex } from 'node:stream';
import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import type { ImageConfig } from '../../../shared/podspec/command.ts';
import type { ExecOptions, LogOptions, PodProcess, PodRef, PodStreams } from '../../../shared/ports/cloud.ts';
import type { Usage } from '../../../shared/ports/statistics.ts';
import type { Reached } from '../podNetwork.ts';

/**
 * Describes what the Pod worker asks of whatever runs containers: host processes here, a container engine elsewhere. It
 * knows nothing of restart policies, probes or Kubernetes objects.
 */
export interface Sandbox {
  /** Is what runtimes put before `://` in a containerID. */
  readonly scheme: string;

  /** Says whether containers have users of their own, by a user namespace. Absent: that is not known. */
  readonly separatesUsers?: boolean;

  /** Looks an image up on this machine. Throws ImageMissing, or InvalidImageName. */
  image(name: string): Promise<FoundImage>;

  /**
   * Fetches an image, with the contents of Secrets that hold registries' credentials, until `signal` aborts. Throws with
   * why it cannot. Absent: images come here by hand only.
   */
  pull?(name: string, secrets: Record<string, string>[], signal: AbortSignal): Promise<PulledImage>;

  /**
   * Makes ready for the Pod's containers; the same answer however often it is asked, unless the machine or its engine
   * was started anew in between.
   */
  setup(ref: PodRef, pod: Pod): Promise<{ ip: string }>;

  /**
   * Starts a run. Once it resolves, the run shows in state() whatever happens to the control plane. Throws StartError
   * when there is nothing to run, and ConfigError when it was refused before anything ran; any other error means that it
   * may or may not have started: ask state().
   */
  start(run: Run, launch: Launch): Promise<void>;

  /**
   * Returns how a run stands, also one started by an earlier control plane. A run that is `absent` will never start
   * later: it is barred by asking. `ended()` below is called for every run that was seen running.
   */
  state(run: Run): Promise<RunState>;

  /** Called with every run that ended since it was started or seen running by state(). */
  onEnd(ended: (run: Run) => void): void;

  /**
   * Gives a run that is under way the resources of `container`. Throws an Error in words for people when it cannot have
   * them now. Absent: runs have no limits.
   */
  resize?(run: Run, container: Container): Promise<void>;

  /** Sends a signal to the container's main process. Nothing happens when it has ended. */
  signal(run: Run, signal: NodeJS.Signals): Promise<void>;

  /** Ends every process of the run at once. */
  kill(run: Run): Promise<void>;

  /** Runs a command beside the container's processes. `output` holds the first 10 KiB of both streams. */
  exec(run: Run, command: string[], timeoutMs: number, signal?: AbortSignal): Promise<ExecResult>;

  /**
   * Is it the run's Pod that a connection to this address and port would reach? Absent where no address is shared.
   */
  listens?(run: Run, address: string, port: number): Promise<boolean>;

  /** Runs a command beside the container's processes for somebody who is there. Throws StartError. */
  open(run: Run, options: ExecOptions): Promise<PodProcess>;

  /**
   * Returns what the run prints from now on, as it comes, and its input if it has any. Absent: the worker shows the
   * log.
   */
  attach?(run: Run, streams: PodStreams): Promise<PodProcess>;

  /** Returns what the run printed; with `follow` until it has ended; of one stream only, or of both. */
  logs(run: Run, options: LogOptions, stream?: 'stdout' | 'stderr'): AsyncIterable<Uint8Array>;

  /**
   * Returns what the processes of a run have used since it started; undefined where nothing tells. Absent: nothing
   * does.
   */
  usage?(run: Run): Promise<Pick<Usage, 'cpuNanoseconds' | 'memoryBytes'> | undefined>;

  /** Returns who the first process of a run was started as; undefined where it was this machine's user. Absent: nothing tells. */
  userOf?(run: Run): RunUser | undefined;

  /**
   * Returns how many bytes a run takes on this machine's disk: what it wrote beside its volumes, and its logs. Absent: nothing
   * tells.
   */
  diskUse?(run: Run): Promise<number>;

  /** Returns what a run that ended left at its termination message path: the last 4 KiB of it. */
  terminationMessage(run: Run, path: string): Promise<string>;

  /** Forgets a run that has ended, its logs too. */
  discard(run: Run): Promise<void>;

  /** Ends and frees everything of a Pod. Nothing happens when there is nothing. */
  teardown(ref: PodRef): Promise<void>;

  /** Removes a folder in which containers wrote, also as users of theirs. Absent: what containers write belongs to this user. */
  remove?(folder: string): Promise<void>;

  /** Ends and frees what is left of other Pods than those with these uids. Absent: nothing can be left unknown. */
  sweep?(known: Set<string>): Promise<void>;

  /**
   * Connects to a port of the loopback address that a run's Pod has to itself; undefined where it has none. Absent: no Pod
   * has.
   */
  loopback?(run: Run, port: number): Promise<Duplex | undefined>;

  /** Says where a port of a Pod is reached from this machine. Absent: at its address itself. */
  reached?: Reached;

  /** Lets go of everything without ending it: the next control plane will find it. */
  close(): Promise<void>;
}

export interface FoundImage extends ImageConfig {
  id: string;
  /** A folder that holds a root file system; without one the image is a program of this machine. */
  root?: string;
  /** Is what the engine that keeps it knows it by, where no folder of this machine does. */
  engineId?: string;
  /** It came from an archive: no registry need know it. */
  loaded?: boolean;
  /** It may have been built here: where no registry gives it, it is used as it is. */
  maybeBuiltHere?: boolean;
  /** Says who its program runs as: `name`, `uid`, `name:group` or `uid:gid`, of its own /etc/passwd. */
  user?: string;
  /** Is what ends it, SIGTERM unless it says otherwise. */
  stopSignal?: string;
  /** Absolute paths that stay writable, whatever the container's root is. */
  volumes?: string[];
}

/** Does a container of this image have a root file system of its own? */
export const isContained = ({ root, engineId }: FoundImage): boolean => (root ?? engineId) !== undefined;

export interface PulledImage {
  image: FoundImage;
  /** Size of its configuration and layers together, compressed as they are in the registry. */
  bytes: number;
}

/** Says who a program runs as, its groups as Kubernetes tells them. */
export interface RunUser {
  uid: number;
  gid: number;
  supplementalGroups: number[];
}

/** One run of a container; a restart is another. */
export interface Run {
  ref: PodRef;
  container: string;
  /** Counts from 0 within the container. */
  number: number;
}

export interface Launch {
  command: string[];
  env: Record<string, string>;
  image: FoundImage;
  /** As in the container's spec; undefined is the image's own. */
  workingDir?: string;
  mounts: Mount[];
  /** It has the machine's address and not one of its own. */
  hostNetwork: boolean;
  /** Keeps the input open for clients that attach; `once`: until the first of them has left. Absent: no input. */
  stdin?: 'open' | 'once';
  /** It runs on a terminal. */
  tty?: boolean;
  /** The run whose process namespace it is to be in, of another container of its Pod. Absent: one of its own, or as its Pod says. */
  target?: Run;
  /** For what only some sandboxes can do: users, capabilities, namespaces, limits. */
  container: Container;
  pod: Pod;
}

export interface Mount {
  /** Absolute path of a file or folder on this machine. */
  source: string;
  /** Absolute path as the container sees it. */
  target: string;
  readOnly: boolean;
  /**
   * Says which mounts made later are seen on the other side: those of this machine by the container, or those of either by
   * both. Absent: none.
   */
  propagation?: 'HostToContainer' | 'Bidirectional';
}

export type RunState =
  | { kind: 'absent' }
  | { kind: 'running'; startedAt: number }
  | {
      kind: 'ended';
      exitCode: number;
      startedAt: number;
      finishedAt: number;
      reason?: string;
      message?: string;
    };

export interface ExecResult {
  /** Undefined when it took too long. */
  exitCode: number | undefined;
  output: string;
}

/** There is no such image; the message says what to do. */
export class ImageMissing extends Error {}

/** The name cannot be an image's; the message says why. */
export class InvalidImageName extends Error {}

/** The container's program cannot be started; the message says why. */
export class StartError extends Error {}
