import type { Cause } from '../../../../errors/apiError.ts';
import { invalidValue, required } from '../../../validation/causes.ts';

/** Resources of a rule, with their subresources: `pods`, `pods/*`, `*` and `*` of all. */
export function resourceCauses(field: string, resources: readonly string[] = []): Cause[] {
  const causes = resources.length === 0 ? [required(field)] : [];
  const withAll = new Set<string>();
  const ofAll = new Set<string>();
  for (const [index, resource] of resources.entries()) {
    if (resource === '') causes.push(required(`${field}[${index}]`));
    const [, name = '', subresource] = /^([^/]*)(?:\/(.*))?$/s.exec(resource) ?? [];
    if (subresource === undefined) continue;
    const covered = (by: string) =>
      causes.push(
        invalidValue(`${field}[${index}]`, resource, `if '${by}' is present, must not specify ${resource}`),
      );
    if (withAll.has(name)) covered(`${name}/*`);
    if (ofAll.has(subresource)) covered(`*/${subresource}`);
    if (subresource === '*') withAll.add(name);
    if (name === '*') ofAll.add(subresource);
  }
  if (resources.length > 1 && resources.includes('*/*'))
    causes.push(invalidValue(field, resources, "if '*/*' is present, must not specify other resources"));
  // Of the resources without a subresource upstream looks at the last.
  const last = resources.findLast((resource) => resource !== '' && !resource.includes('/'));
  if (resources.includes('*') && last !== undefined && last !== '*')
    causes.push(
      invalidValue(
        field,
        resources,
        "if '*' is present, must not specify other resources without subresources",
      ),
    );
  return causes;
}
