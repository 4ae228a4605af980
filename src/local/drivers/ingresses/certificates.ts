import { createSecureContext, type SecureContext } from 'node:tls';
import type { IngressMember, IngressNotice } from '../../../shared/ports/cloud.ts';

/** Certificates by the name that a client asks for. */
export class Certificates {
  #byHost = new Map<string, SecureContext>();
  #fallback: { cert: string; key: string } | undefined;
  /** Making one costs; those of before are taken again. */
  #made = new Map<string, SecureContext>();

  /** Answers what is wrong with those that cannot be used. */
  update(members: readonly IngressMember[]): IngressNotice[] {
    const [byHost, made] = [new Map<string, SecureContext>(), new Map<string, SecureContext>()];
    const problems: IngressNotice[] = [];
    let fallback: Certificates['fallback'];
    let first: Certificates['fallback'];
    for (const { ingress, certificates = [] } of members)
      for (const { hosts, secret, certificate, key } of certificates) {
        try {
          const text = `${certificate}\n${key}`;
          const context = this.#made.get(text) ?? createSecureContext({ cert: certificate, key });
          made.set(text, context);
          first ??= { cert: certificate, key };
          if (!hosts.length) fallback ??= { cert: certificate, key };
          for (const host of hosts) if (!byHost.has(host)) byHost.set(host.toLowerCase(), context);
        } catch (error) {
          const message = `the certificate of Secret ${ingress.metadata.namespace}/${secret} cannot be used: ${(error as Error).message}`;
          problems.push({
            uid: ingress.metadata.uid ?? '',
            type: 'Warning',
            reason: 'CertificateNotUsable',
            message,
          });
        }
      }
    this.#byHost = byHost;
    this.#made = made;
    this.#fallback = fallback ?? first;
    return problems;
  }

  /** For clients that name no host, or one without a certificate of its own. Undefined: there is none at all. */
  get fallback(): { cert: string; key: string } | undefined {
    return this.#fallback;
  }

  /** Undefined: the fallback. */
  find(host: string): SecureContext | undefined {
    const name = host.toLowerCase();
    return this.#byHost.get(name) ?? this.#byHost.get(name.replace(/^[^.]+/, '*'));
  }
}
