import type { Cause } from '../../../../errors/apiError.ts';
import type { DeviceClass } from '../../../schema/types.ts';
import { validList } from '../lists.ts';
import { validConfiguration } from '../opaque.ts';
import { validSelectors } from '../selectors.ts';

const mostConfigs = 32;

export const validate = ({ spec }: DeviceClass): Cause[] => [
  ...validSelectors('spec.selectors', spec.selectors),
  ...validList('spec.config', spec.config ?? [], mostConfigs, ({ opaque }, at) =>
    validConfiguration(at, opaque),
  ),
];
