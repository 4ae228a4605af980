import { parseAllDocuments } from 'yaml';
import { makeAuthority, makeServer } from '../../src/local/pki/make.ts';

/** As much of a manifest as cert-manager reads or writes. */
interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  spec?: { secretName?: string; dnsNames?: string[]; conversion?: { webhook?: Hook } };
  webhooks?: Hook[];
}

interface Hook {
  clientConfig: { caBundle?: string };
}

const injected = 'cert-manager.io/inject-ca-from';

/** Manifests with what cert-manager makes of their Certificates, for programs that are installed after it. */
export async function certified(manifests: string): Promise<string> {
  const all = parseAllDocuments(manifests).map((document) => document.toJS() as Manifest);
  const authority = await makeAuthority(Date.now());
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  const caBundle = encoded(authority.certificate);
  const made: object[] = [];
  for (const manifest of all) {
    const { kind, metadata, spec, webhooks = [] } = manifest;
    if (kind === 'Issuer') continue;
    if (kind === 'Certificate') {
      const { server } = await makeServer(authority, spec?.dnsNames ?? [], Date.now());
      made.push({
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'kubernetes.io/tls',
        metadata: { name: spec?.secretName, namespace: metadata.namespace },
        data: {
          'tls.crt': encoded(server.certificate),
          'tls.key': encoded(server.key),
          'ca.crt': caBundle,
        },
      });
      continue;
    }
    const conversion = spec?.conversion?.webhook;
    if (metadata.annotations?.[injected])
      for (const { clientConfig } of [...webhooks, ...(conversion ? [conversion] : [])])
        clientConfig.caBundle = caBundle;
    made.push(manifest);
  }
  return made.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
}
