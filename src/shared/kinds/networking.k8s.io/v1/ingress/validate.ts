import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123SubdomainProblems, wildcardProblems } from '../../../../meta/names.ts';
import type { HTTPIngressPath, Ingress, IngressRule, IngressTLS } from '../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { legacyIP } from '../../../validation/legacyIP.ts';
import { checked } from '../../../validation/rules.ts';
import { hasRelaxedNames, validBackend } from './backend.ts';

export function validate(ingress: Ingress, old?: Ingress): Cause[] {
  const { spec = {}, metadata } = ingress;
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  const relaxed = !!old && hasRelaxedNames(old);
  const causes: Cause[] = [];
  if (rules.length === 0 && !defaultBackend) {
    const why = 'either `defaultBackend` or `rules` must be specified';
    causes.push(invalidValue('spec', spec.rules ?? null, why));
  }
  if (defaultBackend) addAll(causes, validBackend('spec.defaultBackend', defaultBackend, relaxed));
  const invalidWildcards = (old?.spec?.rules ?? []).some(
    (rule) => rule.host?.includes('*') && validRule('', rule, false).length > 0,
  );
  for (const [i, rule] of rules.entries()) {
    const field = `spec.rules[${i}]`;
    addAll(causes, validHost(`${field}.host`, rule.host));
    // What an older server has let in may stay.
    if (!rule.host?.includes('*') || !invalidWildcards) addAll(causes, validRule(field, rule, relaxed));
  }
  const invalidSecrets = (old?.spec?.tls ?? []).some((entry) => validSecretName('', entry).length > 0);
  for (const [i, entry] of tls.entries()) {
    const field = `spec.tls[${i}]`;
    addAll(
      causes,
      (entry.hosts ?? []).flatMap((host, n) => validName(`${field}.hosts[${n}]`, host)),
    );
    if (!invalidSecrets) addAll(causes, validSecretName(`${field}.secretName`, entry));
  }
  if (ingressClassName !== undefined)
    addAll(causes, checked('spec.ingressClassName', ingressClassName, dns1123SubdomainProblems));
  const annotated = metadata.annotations?.[classAnnotation];
  if (!old && annotated !== undefined && ingressClassName !== undefined && annotated !== ingressClassName) {
    const why = 'must match `ingressClassName` when both are specified';
    causes.push(invalidValue(`annotations.${classAnnotation}`, annotated, why));
  }
  return causes;
}

const classAnnotation = 'kubernetes.io/ingress.class';

function validHost(field: string, host: string | undefined): Cause[] {
  if (!host) return [];
  const isIP = legacyIP('', host).length === 0;
  const causes = isIP ? [invalidValue(field, host, 'must be a DNS name, not an IP address')] : [];
  return [...causes, ...validName(field, host)];
}

const validName = (field: string, host: string): Cause[] =>
  checked(field, host, host.includes('*') ? wildcardProblems : dns1123SubdomainProblems);

const validSecretName = (field: string, { secretName }: IngressTLS): Cause[] =>
  secretName ? checked(field, secretName, dns1123SubdomainProblems) : [];

function validRule(field: string, { http }: IngressRule, relaxed: boolean): Cause[] {
  if (!http) return [];
  const paths = `${field}.http.paths`;
  if (http.paths.length === 0) return [required(paths)];
  return http.paths.flatMap((path, i) => validPath(`${paths}[${i}]`, path, relaxed));
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const sequences = ['//', '/./', '/../', '%2f', '%2F'];
const suffixes = ['/..', '/.'];

function validPath(at: string, { path = '', pathType, backend }: HTTPIngressPath, relaxed: boolean): Cause[] {
  // A pointer that is required and absent is null.
  if (pathType == null) return [required(`${at}.pathType`, 'pathType must be specified')];
  const field = `${at}.path`;
  const causes: Cause[] = [];
  if (pathType === 'ImplementationSpecific') {
    if (path && !path.startsWith('/')) causes.push(invalidValue(field, path, 'must be an absolute path'));
  } else if (pathTypes.includes(pathType)) {
    if (!path.startsWith('/')) causes.push(invalidValue(field, path, 'must be an absolute path'));
    for (const part of sequences.filter((s) => path.includes(s)))
      causes.push(invalidValue(field, path, `must not contain '${part}'`));
    for (const end of suffixes.filter((s) => path.endsWith(s)))
      causes.push(invalidValue(field, path, `cannot end with '${end}'`));
  } else causes.push(notSupported(`${at}.pathType`, pathType, pathTypes));
  return [...causes, ...validBackend(`${at}.backend`, backend, relaxed)];
}
