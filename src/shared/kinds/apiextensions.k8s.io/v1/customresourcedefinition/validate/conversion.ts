import type { Cause } from '../../../../../errors/apiError.ts';
import { dns1035LabelProblems } from '../../../../../meta/names.ts';
import type { CustomResourceConversion } from '../../../../schema/types.ts';
import { forbidden, invalidValue, required } from '../../../../validation/causes.ts';
import { oneOf } from '../../../../validation/rules.ts';
import { serviceCauses, urlCauses } from './webhook.ts';

/** Names as the server's own form of a definition has them: `webhookClientConfig` for `webhook.clientConfig`. */
export function conversionCauses(
  conversion: CustomResourceConversion | undefined,
  old: CustomResourceConversion | undefined,
  path: string,
): Cause[] {
  if (!conversion) return [];
  const { strategy, webhook } = conversion;
  const causes = oneOf(`${path}.strategy`, strategy, ['None', 'Webhook']);
  const config = webhook?.clientConfig;
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy !== 'Webhook') {
    const why = 'should not be set when strategy is not set to Webhook';
    if (config) causes.push(forbidden(`${path}.webhookClientConfig`, why));
    if (versions.length) causes.push(forbidden(`${path}.conversionReviewVersions`, why));
    return causes;
  }
  const at = `${path}.webhookClientConfig`;
  if (!config) causes.push(required(at, 'required when strategy is set to Webhook'));
  else if ((config.url === undefined) === (config.service === undefined))
    causes.push(required(at, 'exactly one of url or service is required'));
  else if (config.url !== undefined) causes.push(...urlCauses(config.url, `${at}.url`));
  else if (config.service) causes.push(...serviceCauses(config.service, `${at}.service`));
  return [
    ...causes,
    ...versionCauses(versions, old?.webhook?.conversionReviewVersions, `${path}.conversionReviewVersions`),
  ];
}

const known = ['v1', 'v1beta1'];

function versionCauses(versions: string[], old: string[] | undefined, path: string): Cause[] {
  if (versions.length === 0) return [required(path)];
  const causes = versions.flatMap((version, i) => {
    if (versions.indexOf(version) < i) return [invalidValue(`${path}[${i}]`, version, 'duplicate version')];
    return dns1035LabelProblems(version).map((why) => invalidValue(`${path}[${i}]`, version, why));
  });
  const wasKnown = !old?.length || old.some((version) => known.includes(version));
  if (wasKnown && !versions.some((version) => known.includes(version)))
    causes.push(invalidValue(path, versions, `must include at least one of ${known.join(', ')}`));
  return causes;
}
