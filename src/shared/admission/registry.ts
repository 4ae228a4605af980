import { certificates } from './certificates/index.ts';
import { clusterForks } from './clusterforks/index.ts';
import { defaultIngressClass } from './defaultingressclass/index.ts';
import { defaultStorageClass } from './defaultstorageclass/index.ts';
import { defaultTolerations } from './defaulttolerations/index.ts';
import { deviceAdmin } from './deviceadmin/index.ts';
import { escalation } from './escalation/index.ts';
import { limitRanger } from './limitranger/index.ts';
import { mutatingAdmissionPolicy } from './mutatingadmissionpolicy/index.ts';
import { namespaceLifecycle } from './namespacelifecycle/index.ts';
import { nodeRestriction } from './noderestriction/index.ts';
import type { AdmissionOptions } from './options.ts';
import { parameterAccess } from './parameteraccess/index.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { podSecurity } from './podsecurity/index.ts';
import { priority } from './priority/index.ts';
import { resourceQuota } from './resourcequota/index.ts';
import { runtimeClass } from './runtimeclass/index.ts';
import { serviceAccount } from './serviceaccount/index.ts';
import { serviceAddresses } from './serviceaddresses/index.ts';
import { addressRange, portRange } from './serviceaddresses/range.ts';
import { storageProtection } from './storageprotection/index.ts';
import { validatingAdmissionPolicy } from './validatingadmissionpolicy/index.ts';
import { mutatingWebhooks } from './webhooks/mutating.ts';
import { validatingWebhooks } from './webhooks/validating.ts';

/** Every plugin, in the order in which they see a write. */
export function admissionPlugins(options: AdmissionOptions): AdmissionPlugin[] {
  const { serviceCidr = '10.96.0.0/16', nodePorts = { first: 30000, last: 32767 } } = options;
  const { webhooks } = options;
  const hooked = webhooks && { ...options, webhooks };
  return [
    namespaceLifecycle(options),
    clusterForks(options),
    limitRanger(options),
    serviceAccount(options),
    nodeRestriction(options.storage),
    podSecurity(options),
    deviceAdmin(options),
    defaultTolerations,
    priority(options),
    runtimeClass(options),
    storageProtection,
    defaultStorageClass(options),
    defaultIngressClass(options),
    serviceAddresses({
      ...options,
      addresses: addressRange(serviceCidr),
      ...(options.addressesIn && { addressesIn: options.addressesIn }),
      ports: portRange(nodePorts.first, nodePorts.last),
    }),
    ...(options.further ?? []),
    ...(options.mutatingPolicies ? [mutatingAdmissionPolicy(options)] : []),
    ...(hooked ? [mutatingWebhooks(hooked)] : []),
    // Behind everything that may change an object.
    ...(options.rbac ? [certificates(options.rbac.authorizer), escalation(options.rbac)] : []),
    ...(options.rbac ? [parameterAccess(options.storage, options.rbac.authorizer)] : []),
    validatingAdmissionPolicy(options),
    ...(hooked ? [validatingWebhooks(hooked)] : []),
    // Last of all: what anybody else refuses is not counted.
    resourceQuota(options),
  ];
}
