import type { User } from '../auth/user.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ObjectSchema } from '../kinds/schema/objectSchema.ts';
import type { AnyObject } from '../meta/object.ts';
import type { Soon } from '../meta/soon.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/**
 * A request on its way through admission. Every plugin gets the same object, in both rounds, so a plugin may keep what
 * it remembers of a request in a WeakMap by it.
 */
export interface Admission {
  readonly operation: Operation;
  readonly cluster: string;
  /** The kind whose resource the path names: Pod for `pods/binding`. */
  readonly kind: Kind;
  readonly subresource?: string;
  /**
   * Is what `object` is. Differs from `kind` where a subresource speaks a kind of its own: Scale, Eviction,
   * PodExecOptions.
   */
  readonly objectKind: ObjectKind;
  /** Is what `object` looks like. */
  readonly schema: ObjectSchema;
  readonly namespace: string;
  /** Empty on CREATE while the name is still to be generated. */
  readonly name: string;
  /**
   * Is what the client wants, decoded and defaulted. Absent on DELETE. On CREATE the server has not yet given it a uid,
   * a creation time or a generated name. `admit` may change or replace it; what it takes from outside it has to decode
   * by `schema` first.
   */
  object?: AnyObject;
  /** The stored object, on UPDATE and DELETE. Nobody may change it. */
  readonly old?: AnyObject;
  readonly user: User;
  readonly dryRun: boolean;
  /** The options of the request, as CreateOptions, UpdateOptions (of a PATCH too) or DeleteOptions. Absent on CONNECT. */
  readonly options: OperationOptions | undefined;
  /** Kinds that show the same stored objects in other groups or versions. */
  readonly equivalents: readonly Kind[];
  /** An object of this request as one of them shows it. Throws InternalError when a conversion webhook fails. */
  convert(object: AnyObject, from: Kind, to: Kind): Promise<AnyObject>;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
  /** True in the second round, which comes when a plugin called `reinvoke`. */
  readonly isReinvocation: boolean;
  /** Has every plugin's `admit` run once more, because this one changed what earlier ones have seen. */
  reinvoke(): void;
  /** Tells the client something in a Warning header. */
  warn(text: string): void;
  /** Writes something into the request's audit line. The first value of a key stays. */
  annotate(key: string, value: string): void;
}

export interface ObjectKind {
  group: string;
  version: string;
  kind: string;
}

export interface OperationOptions {
  kind: 'CreateOptions' | 'UpdateOptions' | 'DeleteOptions';
  apiVersion: 'meta.k8s.io/v1';
  [field: string]: unknown;
}

/**
 * Changes or refuses requests; both may ask others over the network. One folder and one line in registry.ts each.
 * Plugins throw ApiErrors, mostly Forbidden.
 */
export interface AdmissionPlugin {
  name: string;
  /**
   * Plurals with their group that the plugin is asked about: `pods`, `deployments.apps`, and with a slash their
   * subresources: `pods/exec`, `pods/*`. Absent: everything, subresources too.
   */
  resources?: string[];
  /** Absent: all of them. */
  operations?: Operation[];
  /** What it adds has all its defaults and is in its one form, as if it had been decoded: then it only has to be put in order. */
  addsDefaults?: true;
  /**
   * May change `admission.object` or refuse the request.
   * @returns whether it changed anything: only then is the object defaulted, pruned and put in order once more.
   */
  admit?(admission: Admission): Soon<boolean>;
  /**
   * Gives a valid object what is scarce: addresses, ports. Runs last before storage, and once more, on the object as it
   * was, when others were found to hold claims of what came of it: `refused`, those of all tries.
   */
  allocate?(admission: Admission, refused: readonly string[]): Soon<void>;
  /** Sees the object as it will be stored; may not change it. */
  validate?(admission: Admission): Soon<void>;
}
