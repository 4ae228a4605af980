import type { Cause } from '../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../meta/names.ts';
import { validDriverName } from '../../../core/v1/pod/validate/volumeDrivers.ts';
import { goText } from '../../../schema/goText.ts';
import type { CSINode, CSINodeDriver } from '../../../schema/types.ts';
import { duplicate, invalidValue, required } from '../../../validation/causes.ts';
import { checked, immutable, nonNegative } from '../../../validation/rules.ts';

export const validate = ({ spec }: CSINode, old?: CSINode): Cause[] => [
  ...validDrivers('spec.drivers', spec.drivers ?? []),
  ...(old ? changes(spec.drivers ?? [], old.spec.drivers ?? []) : []),
];

const longestNodeID = 256;

function validDrivers(field: string, drivers: readonly CSINodeDriver[]): Cause[] {
  const seen = new Set<string>();
  return drivers.flatMap(({ name, nodeID, topologyKeys, allocatable }, i) => {
    const at = `${field}[${i}]`;
    const causes = validDriverName(`${at}.name`, name);
    if (!nodeID) causes.push(required(`${at}.nodeID`));
    if (Buffer.byteLength(nodeID) > longestNodeID)
      causes.push(invalidValue(`${at}.nodeID`, nodeID, `must be ${longestNodeID} characters or less`));
    causes.push(...nonNegative(`${at}.allocatable.count`, allocatable?.count));
    if (seen.has(name)) causes.push(duplicate(`${at}.name`, name));
    seen.add(name);
    return [...causes, ...validKeys(at, topologyKeys ?? [])];
  });
}

/** Kubernetes tells of the driver, not of the key. */
function validKeys(at: string, keys: readonly string[]): Cause[] {
  const seen = new Set<string>();
  return keys.flatMap((key) => {
    const causes = key ? [] : [required(at)];
    if (seen.has(key)) causes.push(duplicate(at, key));
    seen.add(key);
    return [...causes, ...checked(at, key, qualifiedNameProblems)];
  });
}

/** What a driver says of a node stays so until the driver leaves it, but how many volumes may be attached. */
const changes = (drivers: readonly CSINodeDriver[], old: readonly CSINodeDriver[]): Cause[] =>
  old.flatMap((before) =>
    drivers
      .filter(({ name }) => name === before.name)
      .flatMap(({ allocatable: _now, ...now }) => {
        const { allocatable: _before, ...old } = before;
        return immutable('spec.drivers', now, old, () => goText('CSINodeDriver', now));
      }),
  );
