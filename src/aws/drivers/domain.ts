/**
 * Returns where the names of a logical cluster end. Those of `default` end in the zone's own, those of others in the
 * cluster's name before it: `web.default.svc.branch.cluster.local`.
 */
export const domainOf = (zone: string, cluster: string): string =>
  cluster === 'default' ? zone : `${cluster}.${zone}`;
