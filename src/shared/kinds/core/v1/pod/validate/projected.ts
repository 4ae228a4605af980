import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { ProjectedVolumeSource, SecretProjection, VolumeProjection } from '../../../../schema/types.ts';
import { forbidden, invalidValue, required } from '../../../../validation/causes.ts';
import { fileMode, unreservedPath } from '../../../../validation/paths.ts';
import { validDownwardFiles } from './volumeFiles.ts';
import { validItem } from './volumeItems.ts';

/** Several sources in one folder: no two may write one file. */
export function validProjected(at: string, { sources = [], defaultMode }: ProjectedVolumeSource): Cause[] {
  const causes = fileMode(`${at}.defaultMode`, defaultMode);
  const paths = new Set<string>();
  const claim = (path: string, shown: string): Cause[] => {
    if (!path) return [];
    if (paths.has(path)) return [invalidValue(at, shown, 'conflicting duplicate paths')];
    paths.add(path);
    return [];
  };
  for (const [i, source] of (sources ?? []).entries()) {
    const field = `${at}.sources[${i}]`;
    addAll(causes, validSource(at, field, source, claim));
    if (Object.keys(source).length > 1) {
      causes.push(forbidden(field, 'may not specify more than 1 volume type per source'));
    }
  }
  return causes;
}

type Claim = (path: string, shown: string) => Cause[];

function validSource(at: string, field: string, source: VolumeProjection, claim: Claim): Cause[] {
  const { secret, configMap, downwardAPI, serviceAccountToken: token, clusterTrustBundle: bundle } = source;
  const causes: Cause[] = [];
  if (secret) addAll(causes, validKeyed(`${field}.secret`, secret, claim));
  if (configMap) addAll(causes, validKeyed(`${field}.configMap`, configMap, claim));
  for (const file of downwardAPI?.items ?? []) {
    addAll(causes, validDownwardFiles(`${field}.downwardAPI`, [file]), claim(file.path, file.path));
  }
  if (token) addAll(causes, validToken(at, `${field}.serviceAccountToken`, token));
  if (bundle) {
    if (bundle.name === undefined && bundle.signerName === undefined) {
      causes.push(required(`${field}.clusterTrustBundle`, 'either name or signerName must be specified'));
    }
    if (!bundle.path) causes.push(required(`${field}.clusterTrustBundle.path`));
    addAll(causes, unreservedPath(`${field}.clusterTrustBundle.path`, bundle.path));
    addAll(causes, claim(bundle.path, bundle.path));
  }
  return causes;
}

function validKeyed(field: string, { name, items = [] }: SecretProjection, claim: Claim): Cause[] {
  const causes = name ? [] : [required(`${field}.name`)];
  for (const [i, item] of items.entries()) {
    addAll(causes, validItem(`${field}.items[${i}]`, item), claim(item.path, name ?? ''));
  }
  return causes;
}

function validToken(
  at: string,
  field: string,
  { expirationSeconds = 0, path }: { expirationSeconds?: number; path: string },
): Cause[] {
  const invalid = (why: string) => [invalidValue(`${field}.expirationSeconds`, expirationSeconds, why)];
  const causes: Cause[] = [];
  if (expirationSeconds < 600) addAll(causes, invalid('may not specify a duration less than 10 minutes'));
  if (expirationSeconds > 2 ** 32) {
    addAll(causes, invalid('may not specify a duration larger than 2^32 seconds'));
  }
  return [...causes, ...(path ? unreservedPath(`${at}.path`, path) : [required(`${at}.path`)])];
}
