import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  pathSegmentProblems,
  portNameProblems,
} from '../../../../meta/names.ts';
import type { Ingress, IngressBackend, IngressServiceBackend } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { checked, portNumber } from '../../../validation/rules.ts';

/** @param relaxed whether Services may have names that only newer servers allow. */
export function validBackend(
  field: string,
  { resource, service }: IngressBackend,
  relaxed: boolean,
): Cause[] {
  if (resource && service) return [invalidValue(field, '', 'cannot set both resource and service backends')];
  if (resource) return validReference(`${field}.resource`, resource);
  if (service) return validService(field, service, relaxed);
  return [invalidValue(field, '', 'resource or service backend is required')];
}

/** A reference to an object by group, kind and name. */
export function validReference(
  field: string,
  { apiGroup, kind, name }: { apiGroup?: string; kind: string; name: string },
): Cause[] {
  const segment = (at: string, value: string) =>
    value ? checked(at, value, pathSegmentProblems) : [required(at)];
  return [
    ...(apiGroup === undefined ? [] : checked(`${field}.apiGroup`, apiGroup, dns1123SubdomainProblems)),
    ...segment(`${field}.kind`, kind),
    ...segment(`${field}.name`, name),
  ];
}

function validService(field: string, { name, port = {} }: IngressServiceBackend, relaxed: boolean): Cause[] {
  const at = `${field}.service`;
  const rule = relaxed ? dns1123LabelProblems : dns1035LabelProblems;
  const causes = name ? checked(`${at}.name`, name, rule) : [required(`${at}.name`)];
  if (port.name && port.number) {
    causes.push(invalidValue(field, '', 'cannot set both port name & port number'));
  } else if (port.name) addAll(causes, checked(`${at}.port.name`, port.name, portNameProblems));
  else if (port.number) addAll(causes, portNumber(`${at}.port.number`, port.number));
  else causes.push(required(field, 'port name or number is required'));
  return causes;
}

/** Returns whether a Service in it has such a name already. */
export function hasRelaxedNames({ spec = {} }: Ingress): boolean {
  const paths = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  const backends = [spec.defaultBackend, ...paths.map(({ backend }) => backend)];
  return backends.some(
    (backend) =>
      backend?.service &&
      dns1123LabelProblems(backend.service.name).length === 0 &&
      dns1035LabelProblems(backend.service.name).length > 0,
  );
}
