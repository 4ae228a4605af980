import type { User } from '../auth/user.ts';
import type { Kind } from '../kinds/kind.ts';
import type { AnyObject } from '../meta/object.ts';

/** A write on its way to storage: decoded, defaulted, not yet validated. */
export interface Admission {
  operation: 'create' | 'update' | 'delete';
  cluster: string;
  kind: Kind;
  namespace: string;
  /** Empty for a collection or a name still to be generated. */
  name: string;
  subresource?: string;
  /** A plugin may change it; absent on delete. */
  object?: AnyObject;
  old?: AnyObject;
  user: User;
  dryRun: boolean;
}

/** Changes or refuses writes. One folder and one line in registry.ts. Throws ApiErrors, mostly Forbidden. */
export interface AdmissionPlugin {
  name: string;
  /** Plurals with their group (`pods`, `deployments.apps`) it looks at; absent: all. */
  resources?: string[];
  admit?(admission: Admission): Promise<void> | void;
  /**
   * Gives a valid object what is scarce: addresses, ports. Runs last before storage, and once more, on the object as it
   * was, when others were found to hold claims of what came of it: `refused`, those of all tries.
   */
  allocate?(admission: Admission, refused: readonly string[]): Promise<void> | void;
  /** Sees the object as it will be stored; may not change it. */
  validate?(admission: Admission): Promise<void> | void;
}
