import type { Cause } from '../../../../errors/apiError.ts';
import type { VolumeAttributesClass } from '../../../schema/types.ts';
import { forbidden, required } from '../../../validation/causes.ts';
import { isSame } from '../../../validation/same.ts';
import { validParameters, validProvisioner } from '../parameters.ts';

export const validate = (object: VolumeAttributesClass, old?: VolumeAttributesClass): Cause[] => [
  ...(old ? changes(object, old) : []),
  ...validProvisioner('driverName', object.driverName),
  ...validParameters(object.parameters ?? {}),
  ...(Object.keys(object.parameters ?? {}).length === 0
    ? [required('parameters', 'must contain at least one key/value pair')]
    : []),
];

const changes = (object: VolumeAttributesClass, old: VolumeAttributesClass): Cause[] =>
  (['driverName', 'parameters'] as const)
    .filter((field) => !isSame(object[field], old[field]))
    .map((field) => forbidden(field, `updates to ${field} are forbidden.`));
