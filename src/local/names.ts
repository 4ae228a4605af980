import { hostname } from 'node:os';
import { clusterDomain } from '../shared/ports/names.ts';

/**
 * Returns what the server's certificate is for: this machine's names, the address it listens on, and what Pods call it,
 * and the addresses of Nodes, at which their own ports show it.
 */
export const serverNames = (bind: string, serviceAddress: string, nodeAddresses: string[] = []): string[] => [
  ...new Set([
    'localhost',
    '127.0.0.1',
    '::1',
    hostname(),
    ...(bind === '0.0.0.0' || bind === '::' ? [] : [bind]),
    serviceAddress,
    ...nodeAddresses,
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${clusterDomain}`,
  ]),
];
