import { X509Certificate } from 'node:crypto';
import type { ConfigMap } from '../../../shared/kinds/schema/types.ts';
import { ownValue } from '../../../shared/meta/table.ts';
import type { BackendTls } from '../../../shared/ports/cloud.ts';
import { byAge } from './ages.ts';
import { type Finding, no, yes } from './conditions.ts';
import { type BackendTLSPolicy, group, type PolicyTarget } from './kinds.ts';

/** What a policy says of the programs behind a Service port; absent: nothing can be sent there. */
export interface PolicyVerdict {
  policy: BackendTLSPolicy;
  tls?: BackendTls;
  findings: Finding[];
}

/** The policy for a port of a Service, by its name; undefined when programs there are spoken to without TLS. */
export type PolicyFor = (namespace: string, service: string, portName: string) => PolicyVerdict | undefined;

/** Judges all policies: of two for the same the older counts, and one for a port before one for all of them. */
export function judgePolicies(
  policies: readonly BackendTLSPolicy[],
  configMaps: ReadonlyMap<string, ConfigMap>,
): { verdicts: PolicyVerdict[]; policyFor: PolicyFor } {
  const byTarget = new Map<string, PolicyVerdict>();
  const verdicts = [...policies].sort(byAge).map((policy): PolicyVerdict => {
    const judged = judge(policy, configMaps);
    const targets = policy.spec.targetRefs.filter(isService);
    const open = targets.filter((target) => !byTarget.has(keyOf(policy, target)));
    if (targets.length && !open.length) {
      const [older] = targets.map((target) => byTarget.get(keyOf(policy, target))!.policy.metadata.name);
      const conflict = no('Accepted', 'Conflicted', `BackendTLSPolicy ${older} is older and for the same`);
      return { policy, findings: [conflict, ...judged.findings.slice(1)] };
    }
    for (const target of open) byTarget.set(keyOf(policy, target), judged);
    return judged;
  });
  const at = (namespace: string, service: string, section = '') =>
    byTarget.get(`${namespace}/${service}/${section}`);
  return {
    verdicts,
    policyFor: (namespace, service, portName) =>
      (portName ? at(namespace, service, portName) : undefined) ?? at(namespace, service),
  };
}

const isService = ({ group: of = '', kind }: PolicyTarget): boolean => of === '' && kind === 'Service';

const keyOf = ({ metadata }: BackendTLSPolicy, { name, sectionName = '' }: PolicyTarget): string =>
  `${metadata.namespace}/${name}/${sectionName}`;

function judge(policy: BackendTLSPolicy, configMaps: ReadonlyMap<string, ConfigMap>): PolicyVerdict {
  const {
    caCertificateRefs = [],
    hostname,
    subjectAltNames,
    wellKnownCACertificates,
  } = policy.spec.validation;
  const foreign = policy.spec.targetRefs.find((target) => !isService(target));
  const problems: Finding[] = [];
  const authorities = caCertificateRefs.flatMap(({ group: of = '', kind, name }) => {
    if (of !== '' || kind !== 'ConfigMap') {
      problems.push(
        no('ResolvedRefs', 'InvalidKind', `authorities are read from ConfigMaps, not from a ${kind}`),
      );
      return [];
    }
    const found = authoritiesIn(configMaps.get(`${policy.metadata.namespace}/${name}`), name);
    if (typeof found !== 'string') return found;
    problems.push(no('ResolvedRefs', 'InvalidCACertificateRef', found));
    return [];
  });
  const resolved = problems[0] ?? yes('ResolvedRefs', 'ResolvedRefs');
  const refuse = (reason: string, message: string): PolicyVerdict => ({
    policy,
    findings: [no('Accepted', reason, message), resolved],
  });
  if (foreign) return refuse('Invalid', `a ${foreign.kind} is no target here: only a Service is`);
  if (Object.keys(policy.spec.options ?? {}).length) return refuse('Invalid', 'options are not served');
  if (caCertificateRefs.length && !authorities.length)
    return refuse('NoValidCACertificate', resolved.message || 'no authority can be used');
  if (!caCertificateRefs.length && wellKnownCACertificates !== 'System')
    return refuse('Invalid', `the authorities ${wellKnownCACertificates} are not known here: only System is`);
  const names = (subjectAltNames ?? []).map(({ type, hostname: host, uri }) =>
    type === 'URI' ? { type: 'URI' as const, value: uri ?? '' } : { type: 'DNS' as const, value: host ?? '' },
  );
  return {
    policy,
    tls: { hostname, ...(authorities.length && { authorities }), ...(names.length && { names }) },
    findings: [yes('Accepted', 'Accepted'), resolved],
  };
}

/** The authorities of a ConfigMap, PEM; or why there are none. */
function authoritiesIn(configMap: ConfigMap | undefined, name: string): string[] | string {
  const text = ownValue(configMap?.data, 'ca.crt');
  if (!configMap) return `there is no ConfigMap ${name}`;
  if (!text) return `ConfigMap ${name} lacks ca.crt`;
  const all = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const each of all) new X509Certificate(each);
  } catch (error) {
    return `ca.crt of ConfigMap ${name} cannot be used: ${(error as Error).message}`;
  }
  return all.length ? all : `ca.crt of ConfigMap ${name} holds no certificate`;
}

/** Names of the ConfigMaps, with their namespaces, that a policy reads authorities from. */
export const configMapNames = ({ metadata, spec }: BackendTLSPolicy): string[] =>
  (spec.validation.caCertificateRefs ?? []).map(({ name }) => `${metadata.namespace}/${name}`);

/** Names a Gateway as policies name those for whom they count. */
export const ancestorOf = (namespace: string | undefined, name: string | undefined) => ({
  group,
  kind: 'Gateway',
  ...(namespace && { namespace }),
  name: name ?? '',
});
