/** The rules for every Pod spec, alone or in a template. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import type { PodSpec } from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { validLabels } from '../../../../validation/labels.ts';
import { checked, oneOf } from '../../../../validation/rules.ts';
import { validAffinity } from './affinity.ts';
import { validPodClaims } from './claims.ts';
import { validContainers, validInitContainers } from './containers.ts';
import { validDnsConfig, validHostAliases } from './dns.ts';
import { validFileKeyVolumes } from './env.ts';
import { validEphemeralContainers } from './ephemeral.ts';
import { validReadinessGates, validSchedulingGates } from './gates.ts';
import { validHostnameOverride, validHostUsers } from './host.ts';
import { validHostNetworkPorts } from './hostPorts.ts';
import { validHostProcess, validOS } from './os.ts';
import { validPodResources } from './podResources.ts';
import { validResources } from './resources.ts';
import { validPodSecurity } from './security.ts';
import { validSpread } from './spread.ts';
import { validTolerations } from './tolerations.ts';
import { validVolumes } from './volumes.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const maxInt32 = 2 ** 31 - 1;

/**
 * @param field where the spec stands, such as `spec.template.spec`.
 * @param podName of a Pod; absent in a template.
 */
export function validPodSpec(field: string, spec: PodSpec, podName?: string): Cause[] {
  const causes: Cause[] = [];
  if (spec.terminationGracePeriodSeconds === undefined) {
    causes.push(required(`${field}.terminationGracePeriodSeconds`));
  }
  const { causes: volumeCauses, names } = validVolumes(`${field}.volumes`, spec.volumes ?? [], podName);
  const claims = spec.resourceClaims?.map(({ name }) => name).sort() ?? [];
  const scope = { spec, volumes: names, claims };
  addAll(
    causes,
    volumeCauses,
    validPodClaims(`${field}.resourceClaims`, spec.resourceClaims ?? []),
    validContainers(`${field}.containers`, scope),
    validInitContainers(`${field}.initContainers`, scope),
    validEphemeralContainers(`${field}.ephemeralContainers`, scope),
    validPodResources(`${field}.resources`, spec, claims),
    validHostNetworkPorts(`${field}.containers`, spec, podName !== undefined),
    oneOf(`${field}.restartPolicy`, spec.restartPolicy, restartPolicies),
    oneOf(`${field}.dnsPolicy`, spec.dnsPolicy, dnsPolicies),
    validLabels(`${field}.nodeSelector`, spec.nodeSelector),
    validPodSecurity(`${field}.securityContext`, spec),
    validAffinity(`${field}.affinity`, spec.affinity),
    validDnsConfig(`${field}.dnsConfig`, spec),
    validReadinessGates(`${field}.readinessGates`, spec.readinessGates ?? []),
    validSchedulingGates(`${field}.schedulingGates`, spec.schedulingGates ?? []),
    validSpread(`${field}.topologySpreadConstraints`, spec.topologySpreadConstraints ?? []),
    validHostProcess(field, spec),
    validHostUsers(field, spec),
    validHostnameOverride(field, spec),
    validNames(field, spec),
    validTolerations(`${field}.tolerations`, spec.tolerations ?? []),
    validHostAliases(`${field}.hostAliases`, spec.hostAliases ?? []),
    validScheduling(field, spec),
    validOS(field, spec),
    validFileKeyVolumes(field, spec),
  );
  return causes;
}

function validNames(field: string, spec: PodSpec): Cause[] {
  const causes = named(`${field}.serviceAccountName`, spec.serviceAccountName, dns1123SubdomainProblems);
  addAll(causes, named(`${field}.nodeName`, spec.nodeName, dns1123SubdomainProblems));
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > maxInt32)) {
    const why = `must be between 1 and ${maxInt32}, inclusive`;
    causes.push(invalidValue(`${field}.activeDeadlineSeconds`, deadline, why));
  }
  addAll(causes, named(`${field}.hostname`, spec.hostname, dns1123LabelProblems));
  addAll(causes, named(`${field}.subdomain`, spec.subdomain, dns1123LabelProblems));
  return causes;
}

function validScheduling(field: string, spec: PodSpec): Cause[] {
  const causes = named(`${field}.priorityClassName`, spec.priorityClassName, dns1123SubdomainProblems);
  if (spec.runtimeClassName !== undefined) {
    addAll(causes, checked(`${field}.runtimeClassName`, spec.runtimeClassName, dns1123SubdomainProblems));
  }
  if (spec.preemptionPolicy !== undefined) {
    const policies = ['PreemptLowerPriority', 'Never'];
    addAll(causes, oneOf(`${field}.preemptionPolicy`, spec.preemptionPolicy, policies));
  }
  if (!spec.overhead) return causes;
  return [...causes, ...validResources(`${field}.overhead`, { limits: spec.overhead })];
}

const named = (field: string, name: string | undefined, check: (name: string) => string[]): Cause[] =>
  name ? checked(field, name, check) : [];
