/** The claim that is made for a volume of one Pod. */
import type { Cause } from '../../../../../errors/apiError.ts';
import type { ObjectMeta, PersistentVolumeClaimTemplate } from '../../../../schema/types.ts';
import { forbidden } from '../../../../validation/causes.ts';
import { validClaimSpec } from '../../../../validation/claimSpec.ts';
import { validAnnotations, validLabels } from '../../../../validation/labels.ts';

/** Returns what is wrong with the claim that an ephemeral volume is made from. */
export const validClaimTemplate = (
  at: string,
  { metadata = {}, spec = {} }: PersistentVolumeClaimTemplate,
): Cause[] => [...validMeta(`${at}.metadata`, metadata), ...validClaimSpec(`${at}.spec`, spec)];

/** Whatever else it says would be lost. */
function validMeta(field: string, { labels, annotations, ...others }: ObjectMeta): Cause[] {
  const unused = Object.entries(others).filter(([, value]) => value !== undefined && value !== null);
  return [
    ...validAnnotations(`${field}.annotations`, annotations),
    ...validLabels(`${field}.labels`, labels),
    ...unused.map(([name]) => forbidden(`${field}.${name}`, 'cannot be set')),
  ];
}
