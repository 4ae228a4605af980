import { validEphemeralUpdate } from '../../kinds/core/v1/pod/validate/ephemeralUpdate.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Section } from '../write/change.ts';

/** Is what `kubectl debug` may change: the ephemeral containers. */
export const ephemeralContainers: Section = {
  narrow: (wanted, old) => {
    const before = old as unknown as Pod;
    const { spec, metadata } = wanted as unknown as Pod;
    const { ephemeralContainers: _, ...kept } = before.spec!;
    const containers = spec?.ephemeralContainers;
    const pod: Pod = {
      ...before,
      metadata: { ...before.metadata, resourceVersion: metadata.resourceVersion },
      spec: containers ? { ...kept, ephemeralContainers: containers } : kept,
    };
    return copyOf(pod) as unknown as AnyObject;
  },
  findings: (object, old) => validEphemeralUpdate(object as unknown as Pod, old as unknown as Pod),
};
