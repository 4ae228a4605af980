import type { Admission } from '../plugin.ts';

/** Policies cannot judge or change what would switch them off, nor what stores nothing. */
export const isExempt = ({ kind }: Admission): boolean =>
  kind.group === 'admissionregistration.k8s.io' || kind.virtual !== undefined;
