import { invalid } from '../../errors/common.ts';
import { resized, validResize } from '../../kinds/core/v1/pod/validate/resize.ts';
import { applyDefaults } from '../../kinds/schema/defaults.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Narrow } from '../write/change.ts';

/** `old` with the resources that `wanted` gives its containers. Throws Invalid. */
export const withResources: Narrow = (wanted, old, { name }) => {
  const before = old as unknown as Pod;
  const { spec, metadata } = wanted as unknown as Pod;
  const pod: Pod = {
    ...before,
    metadata: { ...before.metadata, resourceVersion: metadata.resourceVersion },
    spec: resized(spec ?? { containers: [] }, before.spec ?? { containers: [] }),
  };
  const defaulted = applyDefaults(copyOf(pod) as unknown as AnyObject, 'Pod');
  const causes = validResize(defaulted as unknown as Pod, before);
  if (causes.length) throw invalid('Pod', '', name, causes);
  return defaulted;
};
