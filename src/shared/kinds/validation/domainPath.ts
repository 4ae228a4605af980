import type { Cause } from '../../errors/apiError.ts';
import { dns1123SubdomainProblems } from '../../meta/names.ts';
import { invalidValue, required } from './causes.ts';
import { checked } from './rules.ts';

const characters = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const path = new RegExp(`^${characters}$`);

/** A name in somebody's domain: `acme.io/foo`. */
export function validDomainPath(field: string, value: string): Cause[] {
  if (value === '') return [required(field)];
  const slash = value.indexOf('/');
  const [host, rest] = [value.slice(0, Math.max(0, slash)), value.slice(slash + 1)];
  if (host === '' || rest === '')
    return [invalidValue(field, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const why = `Invalid path (regex used for validation is '${characters}')`;
  return [
    ...checked(field, host, dns1123SubdomainProblems),
    ...(path.test(rest) ? [] : [invalidValue(field, rest, why)]),
  ];
}
