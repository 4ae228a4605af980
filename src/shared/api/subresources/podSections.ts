import type { Cause } from '../../errors/apiError.ts';
import { validEphemeralUpdate } from '../../kinds/core/v1/pod/validate/ephemeralUpdate.ts';
import { resized, validResize } from '../../kinds/core/v1/pod/validate/resize.ts';
import type { Pod, PodSpec } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Section } from '../write/change.ts';

/** `specOf` answers the spec of `old` with what of `wanted` is of the section. */
const podSection = (
  specOf: (wanted: PodSpec, old: PodSpec) => PodSpec,
  findings: (pod: Pod, old: Pod) => Cause[],
): Section => ({
  narrow: (wanted, old) => copyOf({ ...old, spec: specOf(specIn(wanted), specIn(old)) }),
  findings: (object, old) => findings(object as unknown as Pod, old as unknown as Pod),
});

const specIn = (object: AnyObject): PodSpec => (object as unknown as Pod).spec ?? { containers: [] };

/** Is what `kubectl debug` may change: the ephemeral containers. */
export const ephemeralContainers = podSection(
  ({ ephemeralContainers: containers }, { ephemeralContainers: _, ...kept }) =>
    containers ? { ...kept, ephemeralContainers: containers } : kept,
  validEphemeralUpdate,
);

/** Is what a resize may change: the resources of containers. */
export const resources = podSection(resized, validResize);
