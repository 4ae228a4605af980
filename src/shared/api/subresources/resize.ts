import { resized, validResize } from '../../kinds/core/v1/pod/validate/resize.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Section } from '../write/change.ts';

/** Is what a resize may change: the resources of containers. */
export const resources: Section = {
  narrow: (wanted, old) => {
    const before = old as unknown as Pod;
    const { spec, metadata } = wanted as unknown as Pod;
    const pod: Pod = {
      ...before,
      metadata: { ...before.metadata, resourceVersion: metadata.resourceVersion },
      spec: resized(spec ?? { containers: [] }, before.spec ?? { containers: [] }),
    };
    return copyOf(pod) as unknown as AnyObject;
  },
  findings: (object, old) => validResize(object as unknown as Pod, old as unknown as Pod),
};
