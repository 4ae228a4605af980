import type { Cause } from '../../../../errors/apiError.ts';
import {
  dns1035LabelProblems,
  dns1123SubdomainProblems,
  pathSegmentProblems,
  portNumberProblems,
} from '../../../../meta/names.ts';
import type { APIService, APIServiceSpec } from '../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';

export function validate({ metadata: { name = '' }, spec }: APIService): Cause[] {
  const { group = '', version = '', service } = spec ?? {};
  const wanted = `${version}.${group}`;
  const causes: Cause[] = [];
  if (pathSegmentProblems(name).length === 0 && name !== wanted) {
    const why = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`;
    causes.push(invalidValue('metadata.name', name, why));
  }
  if (!group && version !== 'v1') {
    const why = 'only v1 may have an empty group and it better be legacy kube';
    causes.push(required('spec.group', why));
  }
  if (group) causes.push(...checked('spec.group', group, dns1123SubdomainProblems));
  causes.push(...checked('spec.version', version, dns1035LabelProblems));
  causes.push(...validPriorities(spec));
  return [...causes, ...(service ? validRemote(spec, service) : validLocal(spec))];
}

const mostGroup = 20_000;
const mostVersion = 1000;

function validPriorities(spec: Partial<APIServiceSpec> = {}): Cause[] {
  const { groupPriorityMinimum: group = 0, versionPriority: version = 0 } = spec;
  const within = (field: string, value: number, most: number) =>
    value > 0 && value <= most
      ? []
      : [invalidValue(`spec.${field}`, value, `must be positive and less than ${most}`)];
  return [
    ...within('groupPriorityMinimum', group, mostGroup),
    ...within('versionPriority', version, mostVersion),
  ];
}

function validLocal({ caBundle, insecureSkipTLSVerify: insecure }: Partial<APIServiceSpec> = {}): Cause[] {
  const bytes = Buffer.from(caBundle ?? '', 'base64').length;
  const may = 'local APIServices may not have';
  return [
    ...(bytes > 0 ? [invalidValue('spec.caBundle', `${bytes} bytes`, `${may} a caBundle`)] : []),
    ...(insecure
      ? [invalidValue('spec.insecureSkipTLSVerify', insecure, `${may} insecureSkipTLSVerify`)]
      : []),
  ];
}

function validRemote(
  { caBundle, insecureSkipTLSVerify: insecure }: Partial<APIServiceSpec> = {},
  { namespace, name, port = 443 }: NonNullable<APIServiceSpec['service']>,
): Cause[] {
  const problems = portNumberProblems(port);
  return [
    ...(namespace ? [] : [required('spec.service.namespace')]),
    ...(name ? [] : [required('spec.service.name')]),
    ...(problems.length > 0
      ? [invalidValue('spec.service.port', port, `port is not valid: ${problems.join(', ')}`)]
      : []),
    ...(insecure && caBundle
      ? [invalidValue('spec.insecureSkipTLSVerify', insecure, 'may not be true if caBundle is present')]
      : []),
  ];
}

const statuses = ['True', 'False', 'Unknown'];

export const validateStatus = ({ status }: APIService): Cause[] =>
  (status?.conditions ?? []).flatMap(({ status: value }, i) =>
    statuses.includes(value) ? [] : [notSupported(`status.conditions[${i}].status`, value, statuses)],
  );
