import type { JobStatus } from '../../../schema/types.ts';

/** Returns whether the condition of that type is True. */
export const conditionHolds = (status: JobStatus | undefined, type: string): boolean =>
  !!status?.conditions?.some((condition) => condition.type === type && condition.status === 'True');

/** Complete or failed: nothing of it runs any more, nor ever will. */
export const isFinished = (status: JobStatus | undefined): boolean =>
  conditionHolds(status, 'Complete') || conditionHolds(status, 'Failed');
