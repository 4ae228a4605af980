import type { Cause } from '../../../../errors/apiError.ts';
import type { CSIDriver, StorageV1TokenRequest } from '../../../schema/types.ts';
import { duplicate, invalidValue, notSupported } from '../../../validation/causes.ts';
import { immutable } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';

const policies = ['File', 'None', 'ReadWriteOnceWithFSType'];
const modes = ['Persistent', 'Ephemeral'];
const shortestPeriod = 10;

export function validate({ spec }: CSIDriver, old?: CSIDriver): Cause[] {
  const { fsGroupPolicy: policy, tokenRequests = [], volumeLifecycleModes = [] } = spec;
  const { nodeAllocatableUpdatePeriodSeconds: period, serviceAccountTokenInSecrets: inSecrets } = spec;
  const causes: Cause[] = [];
  if (policy !== undefined && !policies.includes(policy))
    causes.push(notSupported('spec.fsGroupPolicy', policy, policies));
  causes.push(...validTokens('spec.tokenRequests', tokenRequests));
  for (const mode of volumeLifecycleModes)
    if (!modes.includes(mode)) causes.push(notSupported('spec.volumeLifecycleModes', mode, modes));
  if (period !== undefined && period < shortestPeriod) {
    const why = 'must be greater than or equal to 10 seconds';
    causes.push(invalidValue('spec.nodeAllocatableUpdatePeriodSeconds', period, why));
  }
  if (inSecrets !== undefined && tokenRequests.length === 0) {
    const why = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
    causes.push(invalidValue('spec.serviceAccountTokenInSecrets', inSecrets, why));
  }
  return old ? [...causes, ...changes(spec, old.spec)] : causes;
}

const changes = (spec: CSIDriver['spec'], old: CSIDriver['spec']): Cause[] => [
  // Kubernetes writes the name of the field so.
  ...immutable('spec.attachedRequired', spec.attachRequired, old.attachRequired),
  ...immutable('spec.volumeLifecycleModes', spec.volumeLifecycleModes, old.volumeLifecycleModes),
];

const shortest = 10 * 60;
const longest = 2 ** 32;

function validTokens(field: string, requests: readonly StorageV1TokenRequest[]): Cause[] {
  const seen = new Set<string>();
  return requests.flatMap(({ audience, expirationSeconds: seconds }, i) => {
    if (seen.has(audience)) return [duplicate(`${field}[${i}].audience`, audience)];
    seen.add(audience);
    const at = `${field}[${i}].expirationSeconds`;
    if (seconds === undefined) return [];
    if (seconds < shortest)
      return [invalidValue(at, seconds, 'may not specify a duration less than 10 minutes')];
    return seconds > longest
      ? [invalidValue(at, seconds, 'may not specify a duration larger than 2^32 seconds')]
      : [];
  });
}

const advice =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';

/** Tokens in attributes of volumes end up in logs. */
export const warnings = ({ spec }: CSIDriver, old?: CSIDriver): string[] =>
  spec.tokenRequests?.length &&
  spec.serviceAccountTokenInSecrets === undefined &&
  !(old && isSame(spec.tokenRequests, old.spec.tokenRequests))
    ? [advice]
    : [];
