import type { StatefulSet } from '../../../schema/types.ts';

/** More than one Pod down at a time is a feature that Kubernetes 1.35 does not switch on: the field is not kept. */
export function prepare({ spec }: StatefulSet): void {
  if (spec?.updateStrategy?.rollingUpdate) delete spec.updateStrategy.rollingUpdate.maxUnavailable;
}
