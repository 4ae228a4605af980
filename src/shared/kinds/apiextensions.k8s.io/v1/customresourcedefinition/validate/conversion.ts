import type { Cause } from '../../../../../errors/apiError.ts';
import type { CustomResourceConversion } from '../../../../schema/types.ts';
import { forbidden, required } from '../../../../validation/causes.ts';
import { oneOf } from '../../../../validation/rules.ts';
import {
  clientConfigCauses,
  includesKnownVersion,
  reviewVersionCauses,
} from '../../../../validation/webhookClient.ts';

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
  const before = old?.webhook?.conversionReviewVersions ?? [];
  return [
    ...causes,
    ...(config ? clientConfigCauses(at, config) : [required(at, 'required when strategy is set to Webhook')]),
    ...reviewVersionCauses(
      `${path}.conversionReviewVersions`,
      versions,
      before.length === 0 || includesKnownVersion(before),
    ),
  ];
}
