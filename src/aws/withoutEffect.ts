import type { AdmissionPlugin } from '../shared/admission/plugin.ts';
import { resourceName } from '../shared/kinds/kind.ts';
import { ownValue, table } from '../shared/meta/table.ts';
import { afterAnnotation } from '../shared/ports/demand.ts';

/** What is stored and judged on AWS and moves nothing there, and what does its work instead. */
const reasons = table<Record<string, string>>({
  'flowschemas.flowcontrol.apiserver.k8s.io':
    'FlowSchema has no effect on AWS: a function serves one request at a time, and what a stage takes is throttled by API Gateway (-c throttle=)',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io':
    'PriorityLevelConfiguration has no effect on AWS: a function serves one request at a time, and no request waits for a seat',
  'servicecidrs.networking.k8s.io':
    'ServiceCIDR has no effect on AWS: Services have addresses of 10.96.0.0/16, on which nothing listens, and are reached by their names',
  'ipaddresses.networking.k8s.io':
    'IPAddress has no effect on AWS: addresses of Services are kept with the Services themselves',
  'networkpolicies.networking.k8s.io':
    'NetworkPolicy limits no traffic on AWS: all Pods have the security group of the deployment (docs/adr/0039)',
});

/** Says in a Warning header of a creation that what was created does nothing here. */
export const withoutEffect: AdmissionPlugin = {
  name: 'WithoutEffect',
  resources: Object.keys(reasons),
  operations: ['CREATE'],
  validate(admission) {
    const reason = ownValue(reasons, resourceName(admission.kind));
    if (reason) admission.warn(reason);
  },
};

/** Says the same of the annotation that asks for sleep, where AWS was deployed without it. */
export const nothingSleeps: AdmissionPlugin = {
  name: 'NothingSleeps',
  resources: ['services', 'ingresses.networking.k8s.io'],
  operations: ['CREATE', 'UPDATE'],
  validate(admission) {
    const { object, old } = admission;
    const asked = object?.metadata.annotations?.[afterAnnotation];
    if (asked !== undefined && asked !== old?.metadata.annotations?.[afterAnnotation])
      admission.warn(
        `the annotation ${afterAnnotation} has no effect: this control plane was deployed without -c scaleToZero=true`,
      );
  },
};
