import { hostname } from 'node:os';
import { clusterDomain } from '../shared/ports/names.ts';

/**
 * Returns what the server's certificate is for: this machine's names, the address it listens on, and what Pods call it.
 */
export const serverNames = (bind: string, serviceAddress: string): string[] => [
  ...new Set([
    'localhost',
    '127.0.0.1',
    '::1',
    hostname(),
    ...(bind === '0.0.0.0' || bind === '::' ? [] : [bind]),
    serviceAddress,
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${clusterDomain}`,
  ]),
];
