import type { Service } from '../kinds/schema/types.ts';
import { table } from '../meta/table.ts';

/**
 * The environment variables kubelet makes of Services: those of the Pod's namespace when it wants links, and always
 * those of default/kubernetes. `hostOf` says what to dial where cluster IPs lead nowhere.
 */
export function serviceEnv(
  services: Service[],
  namespace: string,
  links: boolean,
  hostOf = clusterIpOf,
): Record<string, string> {
  const chosen = new Map<string, Service>();
  for (const service of services) {
    const { name = '', namespace: home } = service.metadata;
    const clusterIP = service.spec?.clusterIP;
    if (!clusterIP || clusterIP === 'None') continue;
    const api = home === 'default' && name === 'kubernetes';
    if (home === namespace && links) chosen.set(name, service);
    else if (api && !chosen.has(name)) chosen.set(name, service);
  }
  return Object.assign({}, ...Array.from(chosen.values(), (each) => variablesOf(each, hostOf(each))));
}

const clusterIpOf = ({ spec }: Service): string => spec?.clusterIP ?? '';

function variablesOf({ metadata, spec }: Service, ip: string): Record<string, string> {
  const prefix = upper(metadata.name ?? '');
  const ports = spec?.ports ?? [];
  const first = ports[0];
  const variables: Record<string, string> = table({ [`${prefix}_SERVICE_HOST`]: ip });
  if (!first) return variables;
  variables[`${prefix}_SERVICE_PORT`] = String(first.port);
  for (const { name, port } of ports)
    if (name) variables[`${prefix}_SERVICE_PORT_${upper(name)}`] = `${port}`;
  const host = ip.includes(':') ? `[${ip}]` : ip;
  const url = ({ protocol = 'TCP', port }: typeof first) => `${protocol.toLowerCase()}://${host}:${port}`;
  variables[`${prefix}_PORT`] = url(first);
  for (const port of ports) {
    const protocol = port.protocol ?? 'TCP';
    const link = `${prefix}_PORT_${port.port}_${protocol.toUpperCase()}`;
    variables[link] = url(port);
    variables[`${link}_PROTO`] = protocol.toLowerCase();
    variables[`${link}_PORT`] = String(port.port);
    variables[`${link}_ADDR`] = ip;
  }
  return variables;
}

const upper = (name: string) => name.replaceAll('-', '_').toUpperCase();
