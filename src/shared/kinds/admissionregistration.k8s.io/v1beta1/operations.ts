import type { Cause } from '../../../errors/apiError.ts';
import { notSupported } from '../../validation/causes.ts';
import type { Matching } from '../v1/policy/matchResources.ts';

const changeable = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

/** What is deleted cannot be changed. The field has no index, as upstream. */
export const operationCauses = (field: string, match: Matching | undefined): Cause[] =>
  (match?.resourceRules ?? [])
    .flatMap(({ operations = [] }) => operations)
    .filter((operation) => !changeable.includes(operation))
    .map((operation) => notSupported(`${field}.resourceRules.operations`, operation, changeable));
