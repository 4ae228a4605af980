import type { GRPCMethodMatch, GRPCRoute, HTTPRoute, HTTPRouteMatch } from './kinds.ts';

/** A GRPCRoute as the HTTPRoute that it is: a call is a request for a path of its service and method. */
export const asHttpRoute = (route: GRPCRoute): HTTPRoute => ({
  ...route,
  spec: {
    ...route.spec,
    rules: (route.spec.rules ?? []).map(({ matches = [], ...rule }) => ({
      ...rule,
      matches: matches.map(({ method, headers }) => ({
        ...(method && { path: pathFor(method) }),
        ...(headers && { headers }),
      })),
    })),
  },
});

const anyName = '[^/]+';

function pathFor({ type, service, method }: GRPCMethodMatch): HTTPRouteMatch['path'] {
  if (type === 'RegularExpression')
    return {
      type: 'RegularExpression',
      value: `/(?:${service ?? anyName})/(?:${method ?? anyName})`,
    };
  if (service !== undefined && method !== undefined) return { type: 'Exact', value: `/${service}/${method}` };
  if (service !== undefined) return { type: 'PathPrefix', value: `/${service}` };
  // A name of a method has letters, digits and underscores.
  return { type: 'RegularExpression', value: `/${anyName}/${method ?? anyName}` };
}

/** How closely a path that was made so names a service and a method, in characters: the service goes before. */
export function closeness(path: string): [service: number, method: number] {
  const isAnyService = path.startsWith(`/${anyName}/`);
  const end = path.lastIndexOf('/');
  if (isAnyService) return [0, path.length - anyName.length - 2];
  return end > 0 ? [end - 1, path.length - end - 1] : [path.length - 1, 0];
}
