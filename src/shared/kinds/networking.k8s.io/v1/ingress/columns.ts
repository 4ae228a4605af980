import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { Ingress, IngressRule } from '../../../schema/types.ts';

export const columns: Column<Ingress>[] = [
  nameColumn,
  column('Class', 'The class whose controller serves it.', ({ spec }) => spec?.ingressClassName ?? '<none>'),
  column('Hosts', 'Names that it is for.', ({ spec }) => hostsText(spec?.rules ?? [])),
  column('Address', 'Where its load balancer is.', ({ status }) => addressText(status)),
  column('Ports', 'Ports that it opens.', ({ spec }) => (spec?.tls?.length ? '80, 443' : '80')),
  ageColumn,
];

const most = 3;

/** Rules without a host count, and are not shown. */
function hostsText(rules: IngressRule[]): string {
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === most) more = true;
    else if (host) hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return more ? `${hosts.join(',')} + ${rules.length - most} more...` : hosts.join(',');
}

function addressText(status: Ingress['status']): string {
  const points = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...new Set(points.filter(Boolean))].sort().join(',');
}
