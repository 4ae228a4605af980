import type { PersistentVolumeClaim } from '../../../schema/types.ts';

export function prepareForCreate(claim: PersistentVolumeClaim): void {
  claim.status = { phase: 'Pending' };
  const { spec } = claim;
  if (!spec) return;
  // An older field and a newer one for the same: either stands for both.
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) spec.dataSource = { ...dataSourceRef };
}
