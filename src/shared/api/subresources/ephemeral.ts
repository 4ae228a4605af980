import { invalid } from '../../errors/common.ts';
import { validEphemeralUpdate } from '../../kinds/core/v1/pod/validate/ephemeralUpdate.ts';
import { applyDefaults } from '../../kinds/schema/defaults.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Narrow } from '../write/change.ts';

/** `old` with the ephemeral containers of `wanted`, as `kubectl debug` sends them. Throws Invalid. */
export const withEphemeralContainers: Narrow = (wanted, old, { name }) => {
  const before = old as unknown as Pod;
  const { spec, metadata } = wanted as unknown as Pod;
  const { ephemeralContainers: _, ...kept } = before.spec!;
  const containers = spec?.ephemeralContainers;
  const pod = {
    ...before,
    metadata: { ...before.metadata, resourceVersion: metadata.resourceVersion },
    spec: containers ? { ...kept, ephemeralContainers: containers } : kept,
  };
  const defaulted = applyDefaults(copyOf(pod) as unknown as AnyObject, 'Pod');
  const causes = validEphemeralUpdate(defaulted as unknown as Pod, before);
  if (causes.length) throw invalid('Pod', '', name, causes);
  return defaulted;
};
