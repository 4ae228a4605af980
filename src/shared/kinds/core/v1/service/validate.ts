import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import type { Service, ServiceSpec } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { externalIP } from '../../../validation/ip.ts';
import { withoutZeros } from '../../../validation/ipSyntax.ts';
import { validLabels } from '../../../validation/labels.ts';
import { legacyIP } from '../../../validation/legacyIP.ts';
import { checked, oneOf } from '../../../validation/rules.ts';
import { validAddresses } from './addresses.ts';
import { validBalancing, validTraffic } from './balancing.ts';
import { dualStack } from './families.ts';
import { repeatedNodePorts, validNodePorts, validPorts } from './ports.ts';
import { isHeadless } from './types.ts';
import { validUpdate } from './update.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** Addresses and node ports are allocated before anything else is looked at. */
export function validateFirst({ spec = {} }: Service): Cause[] {
  const early = [validAddresses, dualStack, repeatedNodePorts];
  return early.map((check) => check(spec)).find((causes) => causes.length > 0) ?? [];
}

export function validate(service: Service, old?: Service): Cause[] {
  const { spec = {} } = service;
  const causes = old?.spec ? validUpdate(spec, old.spec) : [];
  const { ports = [], type } = spec;
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') causes.push(required('spec.ports'));
  addAll(
    causes,
    validType(spec),
    validPorts(ports),
    validLabels('spec.selector', spec.selector),
    validAffinity(spec),
    (spec.externalIPs ?? []).flatMap((ip, i) => validExternalIP(`spec.externalIPs[${i}]`, ip)),
    oneOf('spec.type', type, types),
    validNodePorts(ports, type),
    validBalancing(service),
    validTraffic(spec),
  );
  return causes;
}

function validType(spec: ServiceSpec): Cause[] {
  const { type, clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  if (isHeadless(spec) && (type === 'LoadBalancer' || type === 'NodePort')) {
    const why = `may not be set to 'None' for ${type} services`;
    return [invalidValue('spec.clusterIPs[0]', clusterIPs[0] ?? spec.clusterIP, why)];
  }
  if (type !== 'ExternalName') return [];
  const causes: Cause[] = [];
  const why = 'may not be set for ExternalName services';
  if (clusterIPs.length > 0) causes.push(forbidden('spec.clusterIPs', why));
  if (ipFamilies.length > 0) causes.push(forbidden('spec.ipFamilies', why));
  if (ipFamilyPolicy !== undefined) causes.push(forbidden('spec.ipFamilyPolicy', why));
  // The name may end with a dot, which says that it is complete.
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (!name) return [...causes, required('spec.externalName')];
  return [...causes, ...checked('spec.externalName', name, dns1123SubdomainProblems)];
}

const mostAffinitySeconds = 86_400;

function validAffinity({ sessionAffinity: affinity, sessionAffinityConfig: config }: ServiceSpec): Cause[] {
  if (!affinity) return [required('spec.sessionAffinity')];
  const field = 'spec.sessionAffinityConfig';
  if (affinity === 'None') {
    return config ? [forbidden(field, 'must not be set when session affinity is None')] : [];
  }
  if (affinity !== 'ClientIP') return [notSupported('spec.sessionAffinity', affinity, ['ClientIP', 'None'])];
  const seconds = config?.clientIP?.timeoutSeconds;
  if (!config) return [required(field, 'when session affinity type is ClientIP')];
  if (!config.clientIP) return [required(`${field}.clientIP`, 'when session affinity type is ClientIP')];
  if (seconds === undefined) {
    return [required(`${field}.clientIP.timeoutSeconds`, 'when session affinity type is ClientIP')];
  }
  if (seconds > 0 && seconds <= mostAffinitySeconds) return [];
  const why = `must be greater than 0 and less than ${mostAffinitySeconds}`;
  return [invalidValue(`${field}.clientIP.timeoutSeconds`, seconds, why)];
}

function validExternalIP(field: string, ip: string): Cause[] {
  const causes = legacyIP(field, ip);
  return causes.length > 0 ? causes : externalIP(field, withoutZeros(ip)).map((c) => ({ ...c, field }));
}
