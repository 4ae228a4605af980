import type { User } from '../auth/auth.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import type { Kind } from '../kinds/kind.ts';
import type { AnyObject } from '../meta/object.ts';
import type { Storage } from '../storage/storage.ts';

/** What a plugin sees of a write. */
export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  cluster: string;
  kind: Kind;
  namespace: string;
  name: string;
  /** As it is to be stored; a plugin may change it. For DELETE the object that goes. */
  object: AnyObject;
  old?: AnyObject;
  subresource?: string;
  user: User;
  dryRun: boolean;
  storage: Storage;
  clock: Clock;
  ids: Ids;
}

/** One concern of admission: one folder or file, one line in registry.ts. Throws an ApiError to refuse. */
export interface AdmissionPlugin {
  name: string;
  /** Resources it cares for (`pods`, `services`); absent: all. */
  resources?: string[];
  admit(request: AdmissionRequest): void | Promise<void>;
}
