import type { Annotations } from '../loadBalancers/annotations.ts';

export interface ListenPort {
  port: number;
  protocol: 'HTTP' | 'HTTPS';
}

/** `[{"HTTP": 80}, {"HTTPS": 443}]`; by default 443 where there is a certificate, else 80. */
export function listenPorts(a: Annotations, isSecure: boolean): ListenPort[] {
  const text = a.text('listen-ports');
  if (text === undefined)
    return [isSecure ? { port: 443, protocol: 'HTTPS' } : { port: 80, protocol: 'HTTP' }];
  const found = parsed(text);
  if (found && new Set(found.map(({ port }) => port)).size === found.length) return found;
  a.refuse('listen-ports', 'must be of the form [{"HTTP": 80}, {"HTTPS": 443}], each port once');
  return [];
}

function parsed(text: string): ListenPort[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const entries = list.flatMap((item: unknown) => Object.entries(item ?? {}));
  const ports = entries.flatMap(([protocol, port]: [string, unknown]): ListenPort[] =>
    (protocol === 'HTTP' || protocol === 'HTTPS') && isPort(port) ? [{ port, protocol }] : [],
  );
  return ports.length > 0 && ports.length === entries.length ? ports : undefined;
}

const isPort = (port: unknown): port is number =>
  Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535;
