import type { Kubeconfig } from '../types.ts';

/** Describes how to get in as the administrator. PEM texts. */
export interface Access {
  ca: string;
  certificate: string;
  key: string;
}

const base64 = (pem: string) => Buffer.from(pem).toString('base64');

/** A kubeconfig with one context, named like the cluster and its user. */
export const kubeconfigFor = (
  name: string,
  server: string,
  { ca, certificate, key }: Access,
): Kubeconfig => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
  users: [{ name, user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) } }],
  contexts: [{ name, context: { cluster: name, user: name } }],
  'current-context': name,
});
