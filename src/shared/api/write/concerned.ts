import type { Admission, AdmissionPlugin, Operation } from '../../admission/plugin.ts';
import { resourceName } from '../../kinds/kind.ts';

/** The plugins that a request has to pass, by what they do. Each list has the order of the registry. */
export interface Concerned {
  admitting: readonly AdmissionPlugin[];
  allocating: readonly AdmissionPlugin[];
  validating: readonly AdmissionPlugin[];
}

const known = new WeakMap<readonly AdmissionPlugin[], Map<string, Concerned>>();

/** Worked out once for each resource and operation, so that a write that concerns nobody costs one look into a map. */
export function concerned(
  plugins: readonly AdmissionPlugin[],
  { operation, kind, subresource = '' }: Pick<Admission, 'operation' | 'kind' | 'subresource'>,
): Concerned {
  const resource = resourceName(kind);
  const key = `${operation} ${resource}/${subresource}`;
  const found = known.get(plugins)?.get(key);
  if (found) return found;
  const made = among(plugins, operation, resource, subresource);
  known.set(plugins, (known.get(plugins) ?? new Map<string, Concerned>()).set(key, made));
  return made;
}

function among(
  plugins: readonly AdmissionPlugin[],
  operation: Operation,
  resource: string,
  subresource: string,
): Concerned {
  const names = subresource ? [`${resource}/${subresource}`, `${resource}/*`] : [resource];
  const asked = plugins.filter(
    ({ operations, resources }) =>
      (!operations || operations.includes(operation)) &&
      (!resources || resources.some((each) => names.includes(each))),
  );
  return {
    admitting: asked.filter((plugin) => plugin.admit),
    allocating: asked.filter((plugin) => plugin.allocate),
    validating: asked.filter((plugin) => plugin.validate),
  };
}
