import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import type { Storage } from '../ports/storage.ts';
import { defaultStorageClass } from './defaultstorageclass/index.ts';
import { defaultTolerations } from './defaulttolerations/index.ts';
import { type EscalationOptions, escalation } from './escalation/index.ts';
import { namespaceLifecycle } from './namespacelifecycle/index.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { priority } from './priority/index.ts';
import { runtimeClass } from './runtimeclass/index.ts';
import { serviceAccount } from './serviceaccount/index.ts';
import { serviceAddresses } from './serviceaddresses/index.ts';
import { addressRange, portRange } from './serviceaddresses/range.ts';
import { storageProtection } from './storageprotection/index.ts';

export interface AdmissionOptions {
  storage: Storage;
  /** Absent: whoever may write roles and bindings may write any. */
  rbac?: EscalationOptions;
  clock: Clock;
  ids: Ids;
  /** Network of cluster IPs. Default 10.96.0.0/16. */
  serviceCidr?: string;
  /** Range of node ports. Default 30000-32767. */
  nodePorts?: { first: number; last: number };
  /** What only one composition needs. */
  further?: AdmissionPlugin[];
}

/** Every plugin, in the order in which they see a write. */
export function admissionPlugins(options: AdmissionOptions): AdmissionPlugin[] {
  const { serviceCidr = '10.96.0.0/16', nodePorts = { first: 30000, last: 32767 } } = options;
  return [
    namespaceLifecycle(options),
    serviceAccount(options),
    defaultTolerations,
    priority,
    runtimeClass,
    storageProtection,
    defaultStorageClass(options),
    serviceAddresses({
      ...options,
      addresses: addressRange(serviceCidr),
      ports: portRange(nodePorts.first, nodePorts.last),
    }),
    ...(options.further ?? []),
    // Behind everything that may change an object.
    ...(options.rbac ? [escalation(options.rbac)] : []),
  ];
}
