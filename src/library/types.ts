/** An object of Kubernetes, as JSON has it. */
export interface KubeObject {
  /** Group and version: `v1`, `apps/v1`. */
  apiVersion?: string;
  /** Is what it is: `Pod`, `Deployment`. */
  kind?: string;
  /** Its name, and what else every object has. */
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    resourceVersion?: string;
    creationTimestamp?: string;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** Describes what {@link startShallop} may be told. Everything is optional. */
export interface ShallopOptions {
  /**
   * Is what runs Pods. `fake` (the default): nothing does; Pods become ready at once and those of Jobs complete.
   * `process`: programs of this machine (see `images`). `native`: containers, on Linux. `engine`: containers of a
   * Docker-compatible engine. `auto`: `native` where it works, else `process`.
   */
  runtime?: 'fake' | 'process' | 'native' | 'engine' | 'auto';
  /** `same` (the default): the control plane runs in this process. `beside`: in a process of its own, which ends with this one. */
  process?: 'same' | 'beside';
  /** The folder that keeps the objects from one start to the next. Absent: a temporary one, which `stop` deletes. */
  dataFolder?: string;
  /** The port of 127.0.0.1 to serve on. Absent or 0: any free one. */
  port?: number;
  /**
   * Is what images are, by the names that Pods have for them: a folder with a `shallop.json`, or a program of this
   * machine.
   */
  images?: Record<string, string | ImageProgram>;
  /** Says how many Nodes there are (1). */
  nodes?: number;
  /**
   * Says how Pods get addresses. `auto` (the default) chooses; `loopback` needs no rights; `netns` gives each a
   * network namespace, on Linux.
   */
  podNetwork?: 'auto' | 'loopback' | 'netns';
  /** Hears what the control plane says: lines of its start, and of what went wrong. Absent: nothing is said. */
  log?: (line: string) => void;
}

/** A program of this machine that stands for an image. */
export interface ImageProgram {
  /** The program and its arguments. */
  command: string[];
  /** The folder it runs in; a relative one is below the current folder, which is also the default. */
  workingDir?: string;
  /** Variables beside those of the Pod. */
  env?: Record<string, string>;
}

/** A control plane that runs. */
export interface Shallop {
  /** Says where it is served: `https://127.0.0.1:40123`. */
  readonly url: string;
  /**
   * Gives a logical cluster: a whole Kubernetes API of its own, below `/clusters/NAME` of the same server. It is created if
   * it is not there. Without a name it gets a new one; `default` is always there.
   */
  cluster(name?: string): Promise<Cluster>;
  /** Ends the control plane and its Pods, and deletes the folder if it was a temporary one. May be called twice. */
  stop(): Promise<void>;
  /** The same as {@link Shallop.stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * One object: `deployment/web`, `deployments.apps/web`, or an object of which apiVersion, kind, name and namespace count.
 * Types are those that `kubectl` knows, with their short names.
 */
export type Reference = string | Referred;

/** Describes what of an object says which one it is. */
export interface Referred {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string };
}

/** A logical cluster. Errors of the server are thrown as {@link ApiError}. */
export interface Cluster {
  /** Its name, as `shallop cluster list` shows it. */
  readonly name: string;
  /** Says where it is served: `https://127.0.0.1:40123/clusters/NAME`. */
  readonly url: string;
  /** Says how to reach it as its administrator, as a kubeconfig has it. */
  readonly kubeconfig: Kubeconfig;
  /** The same as the text of a file, for `kubectl`, Helm and others. */
  readonly kubeconfigText: string;
  /**
   * Fills a configuration of `@kubernetes/client-node` and returns it: `cluster.kubeConfig(new KubeConfig())`.
   */
  kubeConfig<T extends { loadFromString(text: string): void }>(config: T): T;
  /**
   * Applies manifests on the server's side. Namespaces and CustomResourceDefinitions come first, and definitions are served
   * before the rest is sent, which goes in the order given. It ends at the first error.
   * @param manifests YAML or JSON text with one or more documents, an object, or a list of objects.
   * @returns what the server made of each object, in the order in which they were sent.
   */
  apply<T = KubeObject>(manifests: string | object | readonly object[], options?: ApplyOptions): Promise<T[]>;
  /** Reads one object; undefined when there is none. */
  get<T = KubeObject>(reference: Reference, options?: InNamespace): Promise<T | undefined>;
  /** Lists the objects of a type: `pods`, `deploy`, `widgets.example.com`. */
  list<T = KubeObject>(type: string, options?: ListOptions): Promise<T[]>;
  /**
   * Waits, by a watch, until an object is as wanted; it need not be there yet.
   * @param wanted a condition of its status (`Available`, `Ready=False`), `exists`, `deleted`, or a function that is asked at
   * each change.
   * @returns the object as it was then; for `deleted` as it was last seen.
   * @throws an error of the name `TimeoutError` that says what the object was like at the end.
   */
  waitFor<T = KubeObject>(
    reference: Reference,
    wanted: string | ((object: T) => boolean),
    options?: WaitOptions,
  ): Promise<T>;
  /** Returns what the program of a Pod has said: of `web-1`, or of the best Pod of `deployment/web`. */
  logs(pod: string, options?: LogOptions): Promise<string>;
  /** The same line by line, going on until the program ends or the loop is left. */
  followLogs(pod: string, options?: LogOptions): AsyncIterable<string>;
  /** Deletes one object, or all those of manifests, the last first; and waits until they are gone. */
  delete(what: Reference | readonly object[], options?: DeleteOptions): Promise<void>;
  /**
   * Deletes the logical cluster with all that is in it, if {@link Shallop.cluster} has created it for this object; else it
   * stays. May be called twice.
   */
  stop(): Promise<void>;
  /** The same as {@link Cluster.stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A kubeconfig with one context. */
export interface Kubeconfig {
  apiVersion: 'v1';
  kind: 'Config';
  clusters: { name: string; cluster: { server: string; 'certificate-authority-data'?: string } }[];
  users: { name: string; user: { 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
  'current-context': string;
}

/** Describes where an object is that does not say so itself. */
export interface InNamespace {
  /** The namespace (`default`). Of no account for what has none. */
  namespace?: string;
}

/** Describes how manifests are applied. */
export interface ApplyOptions extends InNamespace {
  /** Says who owns the fields (`shallop`). */
  fieldManager?: string;
  /** Takes fields that others own, instead of failing with a Conflict. */
  force?: boolean;
}

/** Describes which objects are listed. */
export interface ListOptions {
  /** Only of this namespace. Absent: of all. */
  namespace?: string;
  /** Only with these labels: `app=web,tier!=db`. */
  labelSelector?: string;
  /** Only with these fields: `status.phase=Running`. */
  fieldSelector?: string;
}

/** Describes how long is waited. */
export interface WaitOptions extends InNamespace {
  /** Milliseconds (30,000). */
  timeoutMs?: number;
  /** Ends the waiting with its reason. */
  signal?: AbortSignal;
}

/** Describes which part of a log. */
export interface LogOptions extends InNamespace {
  /** The container. Absent: the one that the Pod names as its default, else the first. */
  container?: string;
  /** Only so many of the last lines. */
  tailLines?: number;
  /** Only of the last seconds. */
  sinceSeconds?: number;
  /** Of the program before the last restart. */
  previous?: boolean;
  /** Each line begins with its time. */
  timestamps?: boolean;
}

/** Describes how objects are deleted. */
export interface DeleteOptions extends WaitOptions {
  /** An object that is not there is no failure. */
  ignoreNotFound?: boolean;
  /** Says whether to wait until the objects are gone (true). */
  wait?: boolean;
}

/** A refusal of the server, as it says it. */
export interface Status {
  kind?: string;
  status?: string;
  /** `NotFound`, `Conflict`, `Invalid`, … */
  reason?: string;
  message?: string;
  /** As in HTTP. */
  code?: number;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    causes?: { reason?: string; field?: string; message?: string }[];
  };
}
