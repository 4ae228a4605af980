import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { labelsText } from '../../../printing/selector.ts';
import type { Service } from '../../../schema/types.ts';

export const columns: Column<Service>[] = [
  nameColumn,
  column('Type', 'How the Service is reached.', ({ spec }) => spec?.type ?? ''),
  column('Cluster-IP', 'Address inside the cluster.', ({ spec }) => spec?.clusterIPs?.[0] ?? '<none>'),
  column('External-IP', 'Addresses outside the cluster.', externalAddress),
  column('Port(s)', 'Ports, with node ports after the colon.', portsText),
  ageColumn,
  wideColumn('Selector', 'Labels of the Pods behind it.', ({ spec }) => labelsText(spec?.selector)),
];

function externalAddress({ spec, status }: Service): string {
  const own = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return own.join(',') || '<none>';
    case 'LoadBalancer':
      return [...balancers(status), ...own].join(',') || '<pending>';
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

function balancers(status: Service['status']): string[] {
  const points = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...new Set(points.filter(Boolean))].sort();
}

function portsText({ spec }: Service): string {
  const ports = (spec?.ports ?? []).map(
    ({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`,
  );
  return ports.join(',') || '<none>';
}
