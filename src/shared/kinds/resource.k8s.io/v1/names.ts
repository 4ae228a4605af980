/** Names that drivers give to devices, their pools and what is said of them. */
import type { Cause } from '../../../errors/apiError.ts';
import { dns1123SubdomainProblems, regexHint } from '../../../meta/names.ts';
import { validDriverName } from '../../core/v1/pod/validate/volumeDrivers.ts';
import { invalidValue, required, tooLong } from '../../validation/causes.ts';
import { checked } from '../../validation/rules.ts';

const longestPool = 253;
const longestIdentifier = 32;

/** Subdomains with slashes between them. */
export function validPoolName(field: string, name: string): Cause[] {
  if (!name) return [required(field)];
  return [
    ...(Buffer.byteLength(name) > longestPool ? [tooLong(field, longestPool)] : []),
    ...name.split('/').flatMap((part) => checked(field, part, dns1123SubdomainProblems)),
  ];
}

const identifier = '[A-Za-z_][A-Za-z0-9_]*';
const identifierHint = regexHint(
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  identifier,
  'my_name',
  'MY_NAME',
  'MyName',
);

const validIdentifier = (field: string, id: string): Cause[] => [
  ...(Buffer.byteLength(id) > longestIdentifier ? [tooLong(field, longestIdentifier)] : []),
  ...(new RegExp(`^${identifier}$`).test(id) ? [] : [invalidValue(field, id, identifierHint)]),
];

/** `name`, or `domain/name`. As in Kubernetes one with more slashes is let through. */
export function validAttributeName(field: string, name: string): Cause[] {
  const [first = '', second, ...more] = name.split('/');
  if (second === undefined) return validIdentifier(field, first);
  if (more.length > 0) return [];
  return [
    ...(first ? validDriverName(field, first) : [invalidValue(field, '', 'the domain must not be empty')]),
    ...(second ? validIdentifier(field, second) : [invalidValue(field, '', 'the name must not be empty')]),
  ];
}

/** `domain/name` */
export const validFullName = (field: string, name: string): Cause[] => [
  ...validAttributeName(field, name),
  ...(name.includes('/')
    ? []
    : [invalidValue(field, name, 'a fully qualified name must be a domain and a name separated by a slash')]),
];
