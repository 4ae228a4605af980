import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import { nodeLabelWarnings } from '../../../core/v1/pod/warnings/nodeLabels.ts';
import type { CSIStorageCapacity } from '../../../schema/types.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { validSelector } from '../../../validation/labels.ts';
import { checked, immutable } from '../../../validation/rules.ts';

export const validate = (object: CSIStorageCapacity, old?: CSIStorageCapacity): Cause[] => [
  ...validSelector('nodeTopology', object.nodeTopology),
  ...checked('storageClassName', object.storageClassName, dns1123SubdomainProblems),
  ...(object.capacity !== undefined && compareQuantities(object.capacity, '0') < 0
    ? [invalidValue('capacity', object.capacity, 'must be greater than or equal to 0')]
    : []),
  ...(old
    ? [
        ...immutable('nodeTopology', object.nodeTopology, old.nodeTopology),
        ...immutable('storageClassName', object.storageClassName, old.storageClassName),
      ]
    : []),
];

/** Nodes may have other labels some day. */
export const warnings = ({ nodeTopology }: CSIStorageCapacity): string[] =>
  nodeLabelWarnings('nodeTopology', nodeTopology);
