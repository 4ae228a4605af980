import type { Namespace } from '../../../schema/types.ts';

/** Held by the namespace until its controller has removed what is in it. */
const contents = 'kubernetes';

export function prepareForCreate(namespace: Namespace): void {
  namespace.status = { phase: 'Active' };
  const finalizers = namespace.spec?.finalizers ?? [];
  if (!finalizers.includes(contents)) namespace.spec = { finalizers: [...finalizers, contents] };
}

/** Only /finalize changes spec.finalizers. */
export function prepareForUpdate(namespace: Namespace, old: Namespace): void {
  if (old.spec) namespace.spec = old.spec;
  else delete namespace.spec;
}

/** Its end has no grace to speak of: what is in it decides when. */
export function prepareForDelete(namespace: Namespace): void {
  delete namespace.metadata.deletionGracePeriodSeconds;
  namespace.status = { ...namespace.status, phase: 'Terminating' };
}

/** Returns the finalizers of the spec, which a Namespace has besides those of its metadata. */
export const otherFinalizers = ({ spec }: Namespace): string[] => spec?.finalizers ?? [];
