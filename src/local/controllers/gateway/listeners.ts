import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Secret } from '../../../shared/kinds/schema/types.ts';
import { ownValue } from '../../../shared/meta/table.ts';
import type { RoutedCertificate } from '../../../shared/ports/cloud.ts';
import { type Finding, no, yes } from './conditions.ts';
import { type Gateway, group, type Listener, type ObjectRef } from './kinds.ts';
import { type From, isGranted, type Referred } from './references.ts';

/** A listener with what is to be said of it. */
export interface Judged {
  listener: Listener;
  /** Empty: every host. */
  hostname: string;
  supportedKinds: { group: string; kind: string }[];
  /** Accepted, Conflicted and ResolvedRefs. Whether it is programmed shows when it is served. */
  findings: Finding[];
  /** Routes may attach to it. */
  isAccepted: boolean;
  /** It is served. */
  isUsable: boolean;
  certificates: RoutedCertificate[];
}

/** The kinds of routes that a protocol takes. */
const kindsFor: ReadonlyMap<string, readonly string[]> = new Map([
  ['HTTP', ['HTTPRoute', 'GRPCRoute']],
  ['HTTPS', ['HTTPRoute', 'GRPCRoute']],
  ['TLS', ['TLSRoute']],
]);

/** Judges the listeners of a Gateway, each by itself and beside the others. */
export const judgeListeners = (gateway: Gateway, referred: Referred): Judged[] =>
  gateway.spec.listeners.map((listener) => {
    const { hostname = '' } = listener;
    const isServed = kindsFor.has(listener.protocol);
    const conflict = conflictOf(listener, gateway.spec.listeners);
    const kinds = kindsOf(listener);
    const { certificates, problem } = certificatesOf(listener, gateway, referred);
    const accepted = conflict ? no('Accepted', conflict.reason, conflict.message) : acceptedOf(listener);
    const unresolved = problem ?? kinds.problem;
    const isAccepted = accepted.status === 'True';
    return {
      listener,
      hostname: hostname.toLowerCase(),
      // Without a protocol of its own it takes no routes.
      supportedKinds: isServed && conflict?.reason !== 'ProtocolConflict' ? kinds.supported : [],
      findings: [
        accepted,
        conflict ?? no('Conflicted', 'NoConflicts', ''),
        unresolved ?? yes('ResolvedRefs', 'ResolvedRefs'),
      ],
      isAccepted,
      isUsable: isAccepted && !problem && kinds.supported.length > 0,
      certificates,
    };
  });

function acceptedOf({ protocol, tls }: Listener): Finding {
  if (!kindsFor.has(protocol))
    return no('Accepted', 'UnsupportedProtocol', `${protocol} is not served: only HTTP, HTTPS and TLS are`);
  if (protocol === 'HTTPS' && tls?.mode === 'Passthrough')
    return no(
      'Accepted',
      'UnsupportedValue',
      'rules of HTTP need TLS to end at the Gateway: mode Passthrough is for listeners of TLS',
    );
  // Who may come in is never passed over in silence.
  if (tls?.frontendValidation)
    return no(
      'Accepted',
      'UnsupportedValue',
      'certificates of clients are not asked for: frontendValidation',
    );
  return yes('Accepted', 'Accepted');
}

/** Connections go to programs with their TLS. */
export const isPassedOn = ({ protocol, tls }: Listener): boolean =>
  protocol === 'TLS' && tls?.mode === 'Passthrough';

/** Listeners of one port have one protocol, and each a hostname of its own. */
function conflictOf(listener: Listener, all: readonly Listener[]): Finding | undefined {
  const rivals = all.filter(
    (each) => each !== listener && each.port === listener.port && kindsFor.has(each.protocol),
  );
  const others = kindsFor.has(listener.protocol) ? rivals : [];
  const foreign = others.find(({ protocol }) => protocol !== listener.protocol);
  if (foreign)
    return yes(
      'Conflicted',
      'ProtocolConflict',
      `listener ${foreign.name} has the port for ${foreign.protocol}`,
    );
  const otherMode = others.find((each) => isPassedOn(each) !== isPassedOn(listener));
  if (otherMode)
    return yes(
      'Conflicted',
      'ProtocolConflict',
      `listener ${otherMode.name} has the port for another mode of TLS`,
    );
  const twin = others.find(({ hostname = '' }) => hostname === (listener.hostname ?? ''));
  return (
    twin && yes('Conflicted', 'HostnameConflict', `listener ${twin.name} has the port for the same hostname`)
  );
}

function kindsOf({ protocol, allowedRoutes }: Listener): {
  supported: Judged['supportedKinds'];
  problem?: Finding;
} {
  const names = kindsFor.get(protocol) ?? [];
  const wanted = allowedRoutes?.kinds;
  if (!wanted?.length) return { supported: names.map((kind) => ({ group, kind })) };
  const isOurs = (each: (typeof wanted)[number]) =>
    (each.group ?? group) === group && names.includes(each.kind);
  const foreign = wanted.find((each) => !isOurs(each));
  const supported = [...new Set(wanted.filter(isOurs).map(({ kind }) => kind))].map((kind) => ({
    group,
    kind,
  }));
  if (!foreign) return { supported };
  const message = `${foreign.kind} is not served there: ${names.join(' and ') || 'no route'} is`;
  return { supported, problem: no('ResolvedRefs', 'InvalidRouteKinds', message) };
}

interface Certificates {
  certificates: RoutedCertificate[];
  problem?: Finding;
}

function certificatesOf(listener: Listener, { metadata }: Gateway, referred: Referred): Certificates {
  const isSecure = listener.protocol === 'HTTPS' || listener.protocol === 'TLS';
  if (!isSecure || listener.tls?.mode === 'Passthrough') return { certificates: [] };
  const refs = listener.tls?.certificateRefs ?? [];
  const from = { group, kind: 'Gateway', namespace: metadata.namespace ?? '' };
  const certificates: RoutedCertificate[] = [];
  const host = listener.hostname ?? '';
  for (const ref of refs) {
    const found = certificateOf(ref, from, referred);
    if ('problem' in found) return { certificates: [], problem: found.problem };
    certificates.push({ host, ...found });
  }
  if (certificates.length) return { certificates };
  const message = `a listener of ${listener.protocol} needs a certificate: tls.certificateRefs is empty`;
  return { certificates, problem: no('ResolvedRefs', 'InvalidCertificateRef', message) };
}

function certificateOf(
  { group: ofGroup = '', kind = 'Secret', namespace, name }: ObjectRef,
  from: From,
  { grants, secrets }: Referred,
): { certificate: string; key: string } | { problem: Finding } {
  const bad = (reason: string, message: string) => ({ problem: no('ResolvedRefs', reason, message) });
  const there = namespace ?? from.namespace;
  const what = `Secret ${there}/${name}`;
  if (ofGroup !== '' || kind !== 'Secret')
    return bad(
      'InvalidCertificateRef',
      `a ${kind}${ofGroup && ` of ${ofGroup}`} is no certificate here: only a Secret is`,
    );
  if (!isGranted(grants, from, { group: ofGroup, kind, namespace: there, name }))
    return bad(
      'RefNotPermitted',
      `no ReferenceGrant in ${there} permits Gateways of ${from.namespace} to refer to ${what}`,
    );
  const secret = secrets.get(`${there}/${name}`);
  if (!secret) return bad('InvalidCertificateRef', `there is no ${what}`);
  const pair = pairOf(secret);
  const why = whyNot(pair);
  return why ? bad('InvalidCertificateRef', `the certificate of ${what} cannot be used: ${why}`) : pair;
}

const pairOf = ({ data }: Secret) => ({
  certificate: textOf(ownValue(data, 'tls.crt')),
  key: textOf(ownValue(data, 'tls.key')),
});

const textOf = (base64 = '') => Buffer.from(base64, 'base64').toString();

function whyNot({ certificate, key }: { certificate: string; key: string }): string | undefined {
  if (!certificate || !key) return 'it lacks tls.crt or tls.key';
  try {
    const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
    return isPair ? undefined : 'tls.key is of another certificate';
  } catch (error) {
    return (error as Error).message;
  }
}
