import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import type { Cause } from '../errors/apiError.ts';
import type { AnyObject, KubeObject } from '../meta/object.ts';
import type { ObjectSchema } from './schema/objectSchema.ts';

/** Describes where a kind is served: what a client needs in order to address it. `T` is its object type. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  /** The JSON of an object without what is much and what those who follow all of them do not ask for. */
  abridged?(text: string): string;
  /** Only for the type checker. */
  readonly objectType?: T;
}

/**
 * A kind is data plus a few pure functions. The machinery does everything that is the same for all kinds: metadata,
 * structural decoding, defaults by schema facts, status isolation, generation, storage, encoding.
 * One folder and one line in registry.ts each.
 */
export interface Kind<T extends KubeObject = AnyObject> extends Resource<T> {
  singular: string;
  shortNames?: string[];
  /** `all` makes `kubectl get all` list it. */
  categories?: string[];
  verbs: Verb[];
  /** Is what its objects look like. */
  schema: ObjectSchema;
  subresources?: Subresources;
  /** Says whether generation counts spec changes (Deployment: annotation changes too). Absent: no generation. */
  generation?: 'spec' | 'specAndAnnotations';
  /** Runs after defaulting; may modify `object`. Status has already been reset. */
  prepareForCreate?(object: T, ctx: StrategyContext): void;
  /**
   * Returns objects to store, without admission, before a new object of the kind can be seen; those that exist are
   * kept. A client that sees the new object can rely on them.
   */
  createsFirst?(object: T): AnyObject[];
  /** Runs after the update has been merged and defaulted; may modify `object`. */
  prepareForUpdate?(object: T, old: T, ctx: StrategyContext): void;
  /** Runs when a deletion begins, before it is decided whether the object stays; may modify `object`. */
  beforeDelete?(object: T, ctx: StrategyContext): void;
  /** Runs when deletionTimestamp has been set on an object that stays for now; may modify `object`. */
  prepareForDelete?(object: T, ctx: StrategyContext): void;
  /** Finalizers besides metadata.finalizers that keep a deleted object (of a Namespace: spec.finalizers). */
  otherFinalizers?(object: T): string[];
  /** Findings that come alone: about what is given out before anything else is looked at. */
  validateFirst?(object: T, old?: T): Cause[];
  /** Findings beyond the schema; with `old`, immutable fields too. Same paths, reasons and texts as Kubernetes. */
  validate?(object: T, old?: T): Cause[];
  /** Returns what is worth a word about an object that is valid: the client gets a Warning for each. */
  warnings?(object: T, old?: T): string[];
  /** A write to /status changes labels too, unless this is set. */
  statusKeepsLabels?: true;
  /** A write to /status changes nothing else at all. */
  statusKeepsMetadata?: true;
  /** Finalizers need no domain: a rule of the kinds of Kubernetes alone. */
  freeFinalizers?: true;
  /** Items of a list carry kind and apiVersion. */
  itemsSayTheirKind?: true;
  /** The kind of a list of them. Default: with `List` at its end. */
  listKind?: string;
  /** A PUT has to say which revision it replaces. */
  needsRevision?: true;
  /** A PUT of an object that is not there creates it. */
  createsOnUpdate?: true;
  /** A new object brings its status along. */
  startsWithStatus?: true;
  /** Findings for a write to /status. */
  validateStatus?(object: T, old: T, door?: 'status' | 'approval'): Cause[];
  /** Is what the rule for metadata.name is. Default: DNS subdomain. */
  nameRule?: 'subdomain' | 'longName' | 'label' | 'label1035' | 'pathSegment' | 'ip';
  /** Every column of `kubectl get`, Name and Age included, in their order. */
  columns: Column<T>[];
  /** Selectable fields beyond metadata.name and metadata.namespace, by path. */
  selectableFields?: Record<string, (object: T) => string>;
  /** Returns what is said of a field that cannot be selected by, where Kubernetes has words of its own. */
  unknownField?(field: string): string;
  /**
   * Values that storage lets one object of the kind have at a time, over all logical clusters: Index.claims. One that
   * only counts in the object's own has the name of `cluster` in it.
   */
  claims?(object: T, cluster: string): string[];
  /** Seconds between deletion and removal; absent: removed at once. Returns undefined for "at once". */
  gracePeriod?(object: T, requested: number | undefined): number | undefined;
  /** Is what DELETE answers when the object is gone at once. Default `status`. */
  deleteAnswers?: 'object' | 'status';
  /**
   * Is what becomes of dependents when a DELETE does not say: Background when absent. `warning` goes to a client that
   * did not say.
   */
  dependentsOnDelete?: { default: 'Orphan'; warning?: string };
  /** Kinds of several groups over the same stored objects (core and events.k8s.io Event). */
  storedAs?: {
    /** Resource name of the storage key. */
    resource: string;
    toStored(object: T): AnyObject;
    fromStored(stored: AnyObject): T;
  };
  /** Is the version that objects are written in, of a kind with several; its own when absent. */
  storageVersion?: string;
  /** Says why nobody should use the kind any more: a Warning with every answer. */
  deprecated?: string;
  /**
   * Nothing of it is stored: a `review` answers a POST, a `binding` changes a Pod, a `measurement` is taken when somebody
   * reads, and what is `computed` is found out then. The api room supplies the functions by this name.
   */
  virtual?: 'review' | 'binding' | 'measurement' | 'computed';
}

/** Is a verb that a resource may serve, as discovery and authorisers name it. */
export type Verb = 'create' | 'get' | 'list' | 'watch' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** Says which subresources a kind serves; a kind without `status` has no status to isolate. */
export interface Subresources {
  /** GET, PUT and PATCH of /status. */
  status?: true;
  /** autoscaling/v1 Scale over these paths. */
  scale?: ScalePaths;
  /** Others by name (`log`, `binding`, `eviction`), served by api/subresources; with the Kind they speak. */
  others?: { name: string; group: string; version: string; kind: string; verbs: Verb[] }[];
}

/** Says where the fields of a Scale stand in an object of the kind. Paths are dotted, without a leading dot. */
export interface ScalePaths {
  specReplicas: string;
  statusReplicas: string;
  /** Says where a LabelSelector stands. */
  selector?: string;
  /** The selector is a map of labels. */
  plainLabels?: true;
  /** Says where the text of a selector stands. */
  selectorText?: string;
  /** An object may lack the number wanted, and then has no scale. */
  isSparse?: true;
}

/** Is what the hooks of a kind may use from outside, so that they are pure otherwise. */
export interface StrategyContext {
  clock: Clock;
  ids: Ids;
  /** Adds a warning to the answer, also to one that refuses the object. */
  warn?(text: string): void;
}

/** A column of a Table. One with a `priority` shows only with `-o wide`. */
export interface Column<T = AnyObject> {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format?: string;
  description: string;
  priority?: number;
  /** `now` is milliseconds since the epoch, for ages. */
  value(object: T, now: number): string | number | boolean | null;
}

/** `pods` or `deployments.apps`: the name a resource has in storage keys, controllers and messages. */
export const resourceName = ({ plural, group }: Pick<Resource, 'plural' | 'group'>): string =>
  group ? `${plural}.${group}` : plural;

/** Writes group and version as an object states them: `v1` for the core group. */
export const apiVersionOf = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group ? `${group}/${version}` : version;
