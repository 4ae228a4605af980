import type { Cause } from '../../../errors/apiError.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../meta/names.ts';
import type {
  DeviceConstraint,
  DeviceRequest,
  DeviceSubRequest,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from '../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../validation/causes.ts';
import { checked } from '../../validation/rules.ts';
import { validList, validSet } from './lists.ts';
import { validFullName } from './names.ts';
import { validConfiguration } from './opaque.ts';
import { validSelectors } from './selectors.ts';

const mostRequests = 32;
const mostConstraints = 32;
const mostConfigs = 32;
const mostAlternatives = 8;

/** Fields of features that are off in this version are dropped, as a real server does. */
export function dropDisabled({ devices }: ResourceClaimSpec): void {
  for (const { exactly, firstAvailable = [] } of devices?.requests ?? [])
    for (const request of [...(exactly ? [exactly] : []), ...firstAvailable]) {
      delete request.tolerations;
      delete request.capacity;
    }
  for (const constraint of devices?.constraints ?? []) delete constraint.distinctAttribute;
}

/** Checks which devices a claim asks for, what they have to have in common, and what their drivers are told. */
export function validClaim(at: string, { devices }: ResourceClaimSpec): Cause[] {
  const { requests = [], constraints = [], config = [] } = devices ?? {};
  const field = `${at}.devices`;
  const names = requestNames(devices);
  return [
    ...validSet(`${field}.requests`, requests ?? [], mostRequests, validRequest, ({ name }) => name),
    ...validList(`${field}.constraints`, constraints, mostConstraints, (constraint, path) =>
      validConstraint(constraint, path, names),
    ),
    ...validList(`${field}.config`, config, mostConfigs, (each, path) => [
      ...validReferences(`${path}.requests`, each.requests, names),
      ...validConfiguration(path, each.opaque),
    ]),
  ];
}

/** The requests of a claim, `name` or `name/alternative`. */
export const requestNames = (devices: ResourceClaimSpec['devices'] | undefined): ReadonlySet<string> =>
  new Set(
    (devices?.requests ?? []).flatMap(({ name, firstAvailable = [] }) => [
      name,
      ...firstAvailable.map((each) => `${name}/${each.name}`),
    ]),
  );

const exactlyOne = 'exactly one of `exactly` or `firstAvailable` is required';

function validRequest({ name, exactly, firstAvailable = [] }: DeviceRequest, at: string): Cause[] {
  const causes = checked(`${at}.name`, name, dns1123LabelProblems);
  if (exactly && firstAvailable.length > 0)
    return [...causes, invalidValue(at, null, `${exactlyOne}, but multiple fields are set`)];
  if (exactly) return [...causes, ...validDevices(exactly, `${at}.exactly`)];
  if (firstAvailable.length === 0) return [...causes, required(at, exactlyOne)];
  const check = (each: DeviceSubRequest, path: string) => [
    ...checked(`${path}.name`, each.name, dns1123LabelProblems),
    ...validDevices(each, path),
  ];
  return [
    ...causes,
    ...validSet(`${at}.firstAvailable`, firstAvailable, mostAlternatives, check, (each) => each.name),
  ];
}

function validDevices(request: ExactDeviceRequest | DeviceSubRequest, at: string): Cause[] {
  const { deviceClassName: name, selectors, allocationMode: mode, count = 0 } = request;
  const causes = name
    ? checked(`${at}.deviceClassName`, name, dns1123SubdomainProblems)
    : [required(`${at}.deviceClassName`)];
  causes.push(...validSelectors(`${at}.selectors`, selectors));
  if (mode === 'All') {
    const why = "must not be specified when allocationMode is 'All'";
    if (count !== 0) causes.push(invalidValue(`${at}.count`, count, why));
  } else if (mode === 'ExactCount') {
    if (count <= 0) causes.push(invalidValue(`${at}.count`, count, 'must be greater than zero'));
  } else causes.push(notSupported(`${at}.allocationMode`, mode ?? '', ['All', 'ExactCount']));
  return causes;
}

function validConstraint(
  { requests, matchAttribute }: DeviceConstraint,
  at: string,
  names: ReadonlySet<string>,
): Cause[] {
  const field = `${at}.matchAttribute`;
  return [
    ...validReferences(`${at}.requests`, requests, names),
    ...(matchAttribute === undefined ? [required(field)] : validFullName(field, matchAttribute)),
  ];
}

/** Names of requests in a list, each once. */
export const validReferences = (
  field: string,
  requests: readonly string[] = [],
  names: ReadonlySet<string>,
): Cause[] =>
  validSet(
    field,
    requests,
    mostRequests,
    (name, at) => validReference(at, name, names),
    (name) => name,
  );

const named = 'must be the name of a request in the claim';
const unknown = `${named} or the name of a request and a subrequest separated by '/'`;

/** The name of a request, or of one of its alternatives. */
export function validReference(field: string, name: string, names: ReadonlySet<string>): Cause[] {
  const parts = name.split('/');
  if (parts.length > 2) return [invalidValue(field, name, unknown)];
  return [
    ...parts.flatMap((part) => checked(field, part, dns1123LabelProblems)),
    ...(names.has(name) ? [] : [invalidValue(field, name, unknown)]),
  ];
}
