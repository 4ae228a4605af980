import type { EndpointSlice, Endpoints, Service } from '../../../shared/kinds/schema/types.ts';
import type { Page } from './page.ts';
import { head, pairs } from './words.ts';

export function service(page: Page, { metadata, spec = {}, status }: Service, slices: EndpointSlice[]): void {
  head(page, metadata);
  page.field(0, 'Selector', pairs(spec.selector).join(',') || '<none>').field(0, 'Type', spec.type);
  if (spec.ipFamilyPolicy) page.field(0, 'IP Family Policy', spec.ipFamilyPolicy);
  page.field(0, 'IP Families', spec.ipFamilies?.join(',') || '<none>');
  page.field(0, 'IP', spec.clusterIP).field(0, 'IPs', spec.clusterIPs?.join(',') || '<none>');
  const optional = (title: string, value: unknown) => value && page.field(0, title, value);
  optional('External IPs', spec.externalIPs?.join(','));
  optional('Desired LoadBalancer IP', spec.loadBalancerIP);
  optional('External Name', spec.externalName);
  const ingress = status?.loadBalancer?.ingress ?? [];
  optional(
    'LoadBalancer Ingress',
    ingress
      .map(({ ip, ipMode, hostname }) => (ip ? `${ip}${ipMode ? ` (${ipMode})` : ''}` : hostname))
      .join(', '),
  );
  for (const port of spec.ports ?? []) {
    const name = port.name || '<unset>';
    page.field(0, 'Port', `${name}\t${port.port}/${port.protocol}`);
    page.field(0, 'TargetPort', `${port.targetPort}/${port.protocol}`);
    if (port.nodePort) page.field(0, 'NodePort', `${name}\t${port.nodePort}/${port.protocol}`);
    page.field(0, 'Endpoints', endpoints(slices, port.name ?? ''));
  }
  page.field(0, 'Session Affinity', spec.sessionAffinity);
  optional('External Traffic Policy', spec.externalTrafficPolicy);
  optional('Internal Traffic Policy', spec.internalTrafficPolicy);
  optional('HealthCheck NodePort', spec.healthCheckNodePort);
  optional('LoadBalancer Source Ranges', spec.loadBalancerSourceRanges?.join(','));
  optional('Traffic Distribution', spec.trafficDistribution);
}

/** The older form of a Service's endpoints. */
export function endpointsObject(page: Page, { metadata, subsets = [] }: Endpoints): void {
  head(page, metadata);
  page.write(0, 'Subsets:\n');
  const addresses = (list: { ip: string }[] | undefined) => list?.map(({ ip }) => ip).join(',') || '<none>';
  for (const { addresses: ready, notReadyAddresses, ports } of subsets) {
    page.field(1, 'Addresses', addresses(ready)).field(1, 'NotReadyAddresses', addresses(notReadyAddresses));
    if (ports?.length)
      page.write(1, 'Ports:\n').write(2, 'Name\tPort\tProtocol\n').write(2, '----\t----\t--------\n');
    for (const { name, port, protocol } of ports ?? [])
      page.write(2, `${name || '<unset>'}\t${port}\t${protocol}\n`);
    page.write(0, '\n');
  }
}

const shown = 3;

function endpoints(slices: EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const all = slices.flatMap(({ ports, endpoints }) => {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    const numbers = ports?.length
      ? ports.filter(({ name }) => (name ?? '') === portName)
      : [{ port: undefined }];
    return numbers.flatMap(({ port }) => ready.map(({ addresses }) => withPort(addresses?.[0] ?? '', port)));
  });
  const more = all.length > shown ? ` + ${all.length - shown} more...` : '';
  return all.slice(0, shown).join(',') + more;
}

const withPort = (address: string, port: number | undefined) =>
  port === undefined ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
