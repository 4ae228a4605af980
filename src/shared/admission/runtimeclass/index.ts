import { ApiError } from '../../errors/apiError.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';

/** RuntimeClasses are not served, so a Pod can neither name one nor have the overhead of one. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  resources: ['pods'],
  operations: ['CREATE'],
  admit: ({ kind, name, object }) => {
    const runtime = (object as unknown as Pod | undefined)?.spec?.runtimeClassName;
    if (runtime === undefined) return false;
    if (runtime === '') throw new ApiError('Unknown', 'resource name may not be empty');
    throw refused(kind, name, `pod rejected: RuntimeClass ${JSON.stringify(runtime)} not found`);
  },
  validate: ({ kind, name, object }) => {
    const overhead = (object as unknown as Pod | undefined)?.spec?.overhead;
    if (!overhead) return;
    const why = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
    throw refused(kind, name, why);
  },
};
