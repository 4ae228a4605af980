/** References from a Pod to its own fields, in variables and in files. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../../meta/names.ts';
import { compareQuantities } from '../../../../../meta/quantity.ts';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

/** Sorted, as messages list them. */
export const envPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
/** Lists the fields of its Pod that a volume can show as files; variables may name others. */
export const filePaths = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
/** Paths that exist at all. */
const paths = [
  ...envPaths,
  ...filePaths,
  'spec.host',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
];

/** Returns what is wrong with a reference to a field of the Pod; `supported` lists the fields allowed at this place. */
export function validFieldRef(field: string, ref: ObjectFieldSelector, supported: string[]): Cause[] {
  const { apiVersion, fieldPath } = ref;
  if (!apiVersion) return [required(`${field}.apiVersion`)];
  if (!fieldPath) return [required(`${field}.fieldPath`)];
  const failed = (why: string) => [
    invalidValue(`${field}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`),
  ];
  if (apiVersion !== 'v1') return failed(`unsupported pod version: ${apiVersion}`);
  const [, map, key = ''] = /^([^[]*)\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (map === 'metadata.labels') return checked(field, key, qualifiedNameProblems);
  if (map === 'metadata.annotations') return checked(field, key.toLowerCase(), qualifiedNameProblems);
  if (map !== undefined) return failed(`field label does not support subscript: ${fieldPath}`);
  if (!paths.includes(fieldPath)) return failed(`field label not supported: ${fieldPath}`);
  const path = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
  return supported.includes(path) ? [] : [notSupported(`${field}.fieldPath`, path, supported)];
}

const resources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const hugePages = /^(requests|limits)\.hugepages-/;
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** @param inFile a file has no container of its own, so it has to name one. */
export function validResourceRef(field: string, ref: ResourceFieldSelector, inFile: boolean): Cause[] {
  const { resource, containerName, divisor } = ref;
  const causes: Cause[] = [];
  if (inFile && !containerName) causes.push(required(`${field}.containerName`));
  else if (!resource) causes.push(required(`${field}.resource`));
  else if (!resources.includes(resource) && !hugePages.test(resource)) {
    causes.push(notSupported(`${field}.resource`, resource, resources));
  }
  return [...causes, ...validDivisor(`${field}.divisor`, resource, divisor ?? '0')];
}

function validDivisor(field: string, resource: string, divisor: string): Cause[] {
  if (compareQuantities(divisor, '0') === 0) return [];
  const only = (values: string[], of: string, last: string) =>
    values.includes(divisor)
      ? []
      : [
          invalidValue(
            field,
            resource,
            `only divisor's values ${last} are supported with the ${of} resource`,
          ),
        ];
  if (resource.endsWith('.cpu')) return only(['1m', '1'], 'cpu', '1m and 1');
  const listed = byteDivisors.join(', ');
  if (resource.endsWith('.memory')) return only(byteDivisors, 'memory', listed);
  if (resource.endsWith('.ephemeral-storage')) {
    return only(byteDivisors, 'local ephemeral storage', listed);
  }
  return hugePages.test(resource) ? only(byteDivisors, 'hugepages', listed) : [];
}
