import type { Cause } from '../../../../errors/apiError.ts';
import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
} from '../../../../meta/names.ts';
import type { EndpointHints } from '../../../schema/types.ts';
import { duplicate, invalidValue, required, tooMany } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';

/** A domain of at least two labels; it may end with a dot. */
export function validDomain(field: string, address: string): Cause[] {
  if (!address) return [required(field)];
  const name = address.replace(/\.$/, '');
  const problems = dns1123SubdomainProblems(name);
  if (problems.length > 0) return [invalidValue(field, name, problems.join(','))];
  const labels = name.split('.');
  if (labels.length < 2) {
    return [invalidValue(field, name, 'should be a domain with at least two segments separated by dots')];
  }
  for (const label of labels) {
    const found = dns1123LabelProblems(label);
    if (found.length > 0) return [invalidValue(field, label, found.join(','))];
  }
  return [];
}

const mostHints = 8;

/** Returns what is wrong with the zones and nodes that should use an endpoint. */
export function validHints(field: string, { forZones = [], forNodes = [] }: EndpointHints): Cause[] {
  if (forZones.length > mostHints) return [tooMany(`${field}.forZones`, forZones.length, mostHints)];
  const causes = validNames(`${field}.forZones`, forZones, labelValueProblems);
  if (forNodes.length > mostHints)
    return [...causes, tooMany(`${field}.forNodes`, forNodes.length, mostHints)];
  return [...causes, ...validNames(`${field}.forNodes`, forNodes, dns1123SubdomainProblems)];
}

function validNames(field: string, list: { name: string }[], check: (name: string) => string[]): Cause[] {
  const seen = new Set<string>();
  return list.flatMap(({ name }, i) => {
    const at = `${field}[${i}].name`;
    const causes = seen.has(name) ? [duplicate(at, name)] : [];
    seen.add(name);
    return [...causes, ...checked(at, name, check)];
  });
}
