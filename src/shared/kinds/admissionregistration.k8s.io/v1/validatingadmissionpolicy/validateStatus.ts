import type { Cause } from '../../../../errors/apiError.ts';
import type { ValidatingAdmissionPolicy } from '../../../schema/types.ts';
import { required } from '../../../validation/causes.ts';
import { validConditions } from '../../../validation/conditions.ts';

export function validateStatus({ status }: ValidatingAdmissionPolicy): Cause[] {
  const { typeChecking, conditions } = status ?? {};
  return [
    ...(typeChecking?.expressionWarnings ?? []).flatMap(({ warning, fieldRef }, index) => {
      const at = `status.typeChecking.expressionWarnings[${index}]`;
      return [
        ...(warning ? [] : [required(`${at}.warning`)]),
        ...(fieldRef?.trim() ? [] : [required(`${at}.fieldRef`)]),
      ];
    }),
    ...validConditions('status.conditions', conditions ?? []),
  ];
}
