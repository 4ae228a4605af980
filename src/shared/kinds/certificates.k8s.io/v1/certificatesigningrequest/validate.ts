import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems, type Problems } from '../../../../meta/names.ts';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from '../../../schema/types.ts';
import { duplicate, forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { isSame } from '../../../validation/same.ts';
import { certificateRequestIn } from './certificateRequest.ts';

const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];
const shortestSeconds = 600;

export function validate(request: CertificateSigningRequest, old?: CertificateSigningRequest): Cause[] {
  // What was asked for cannot change any more.
  if (old) return [];
  const { spec } = request;
  const causes = validRequest('spec.request', spec?.request);
  if (!spec?.usages?.length) causes.push(required('spec.usages'));
  (spec?.usages ?? []).forEach((usage, i, all) => {
    if (!usages.includes(usage)) causes.push(notSupported(`spec.usages[${i}]`, usage, usages));
    if (all.indexOf(usage) < i) causes.push(duplicate(`spec.usages[${i}]`, usage));
  });
  causes.push(...validSigner('spec.signerName', spec?.signerName ?? ''));
  const { expirationSeconds } = spec ?? {};
  if (expirationSeconds !== undefined && expirationSeconds !== null && expirationSeconds < shortestSeconds)
    causes.push(
      invalidValue(
        'spec.expirationSeconds',
        expirationSeconds,
        'may not specify a duration less than 600 seconds (10 minutes)',
      ),
    );
  return causes;
}

function validRequest(field: string, request: string | undefined): Cause[] {
  try {
    certificateRequestIn(request ?? '');
    return [];
  } catch (error) {
    return [invalidValue(field, request, (error as Error).message)];
  }
}

/** `example.com/signer`: a domain, and a path of labels. */
function validSigner(field: string, name: string): Cause[] {
  if (!name) return [required(field)];
  if (name === 'kubernetes.io/legacy-unknown')
    return [invalidValue(field, name, 'the legacy signerName is not allowed via this API version')];
  const [domain = '', path = '', ...more] = name.split('/');
  if (!name.includes('/') || more.length) {
    const why = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return [invalidValue(field, name, why)];
  }
  const labels = domain.split('.');
  const causes = validLabels(field, domain, labels, dns1123LabelProblems);
  if (labels.length < 2) {
    const why = 'should be a domain with at least two segments separated by dots';
    causes.push(invalidValue(field, domain, why));
  }
  return [...causes, ...validLabels(field, path, path.split('.'), dns1123SubdomainProblems)];
}

/** Findings about the first label that has any. */
function validLabels(field: string, shown: string, labels: string[], problems: Problems): Cause[] {
  for (const label of labels) {
    const found = problems(label);
    if (found.length)
      return found.map((why) =>
        invalidValue(field, shown, `validating label ${JSON.stringify(label)}: ${why}`),
      );
  }
  return [];
}

const decisions = ['Approved', 'Denied'];
const lasting = [...decisions, 'Failed'];

/** Who signs writes the certificate; only the door `approval` takes decisions. */
export function validateStatus(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  door: 'status' | 'approval' = 'status',
): Cause[] {
  const field = 'status.conditions';
  const conditions = request.status?.conditions ?? [];
  const causes = conditions.flatMap((condition, i) => validCondition(`${field}[${i}]`, condition));
  const types = conditions.map(({ type }) => type);
  if (decisions.every((type) => types.includes(type))) {
    const last = types.filter((type) => decisions.includes(type))[1];
    causes.push(invalidValue(field, last, 'Approved and Denied conditions are mutually exclusive'));
  }
  types.forEach((type, i) => {
    if (types.indexOf(type) < i) causes.push(duplicate(`${field}[${i}].type`, type));
  });
  const of = (object: CertificateSigningRequest, type: string) =>
    (object.status?.conditions ?? []).filter((condition) => condition.type === type);
  for (const type of lasting) {
    const [before, after] = [of(old, type), of(request, type)];
    const named = `a condition of type ${JSON.stringify(type)}`;
    if (after.length < before.length) causes.push(forbidden(field, `updates may not remove ${named}`));
    else if (door === 'status' && decisions.includes(type)) {
      if (after.length > before.length) causes.push(forbidden(field, `updates may not add ${named}`));
      else if (!isSame(before, after)) causes.push(forbidden(field, `updates may not modify ${named}`));
    }
  }
  if (old.status?.certificate && old.status.certificate !== request.status?.certificate)
    causes.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
  return causes;
}

function validCondition(field: string, { type, status }: CertificateSigningRequestCondition): Cause[] {
  const causes = type ? [] : [required(`${field}.type`)];
  const allowed = lasting.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
  if (!status) causes.push(required(`${field}.status`));
  else if (!allowed.includes(status)) causes.push(notSupported(`${field}.status`, status, allowed));
  return causes;
}
