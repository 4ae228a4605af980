import type { Cause } from '../../../../errors/apiError.ts';
import { goText } from '../../../schema/goText.ts';
import type { ResourceV1ResourceClaim } from '../../../schema/types.ts';
import { immutable } from '../../../validation/rules.ts';
import { validClaim } from '../claimSpec.ts';

/** What a claim asks for stays as it is. */
export const validate = ({ spec }: ResourceV1ResourceClaim, old?: ResourceV1ResourceClaim): Cause[] =>
  old ? immutable('spec', spec, old.spec, () => goText('ResourceClaimSpec', spec)) : validClaim('spec', spec);
