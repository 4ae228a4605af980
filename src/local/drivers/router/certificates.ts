import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { RoutedCertificate } from '../../../shared/ports/cloud.ts';
import { Hosts } from './hosts.ts';

interface Made {
  context: SecureContext;
  pair: { cert: string; key: string };
  x509: X509Certificate;
}

/** Certificates by the name that a client asks for. */
export class Certificates {
  #byHost = new Hosts<Made[]>();
  #fallback: Made | undefined;
  /** Making one costs; those of before are taken again. */
  #made = new Map<string, Made>();

  /** Answers why those that cannot be used cannot. */
  update(certificates: readonly RoutedCertificate[]): Map<RoutedCertificate, Error> {
    const byHost = new Hosts<Made[]>();
    const made = new Map<string, Made>();
    const problems = new Map<RoutedCertificate, Error>();
    let first: Made | undefined;
    for (const each of certificates) {
      try {
        const text = `${each.certificate}\n${each.key}`;
        const one = made.get(text) ?? this.#made.get(text) ?? make(each);
        made.set(text, one);
        first ??= one;
        const known = byHost.get(each.host.toLowerCase());
        if (known) known.push(one);
        else byHost.add(each.host, [one], each.isOneLabel);
      } catch (error) {
        problems.set(each, error as Error);
      }
    }
    this.#byHost = byHost;
    this.#made = made;
    this.#fallback = byHost.get('')?.[0] ?? first;
    return problems;
  }

  /** For clients that name no host, or one without a certificate of its own. Undefined: there is none at all. */
  get fallback(): { cert: string; key: string } | undefined {
    return this.#fallback?.pair;
  }

  /** Of several for a host, the first one that is made out to the name. Undefined: the fallback. */
  find(host: string): SecureContext | undefined {
    const name = host.toLowerCase();
    const found = this.#byHost.find(name);
    return (found?.find(({ x509 }) => x509.checkHost(name) !== undefined) ?? found?.[0])?.context;
  }
}

function make({ certificate, key }: RoutedCertificate): Made {
  const pair = { cert: certificate, key };
  return { context: createSecureContext(pair), pair, x509: new X509Certificate(certificate) };
}
