import type { Rules } from '../../../schema/defaultRules.ts';
import type { LimitRangeItem } from '../../../schema/types.ts';
import { roundUp } from '../pod/defaults/containers.ts';

export const limitRangeDefaults: Rules = {
  LimitRangeItem: {
    adjust(item: LimitRangeItem) {
      for (const amounts of [
        item.max,
        item.min,
        item.default,
        item.defaultRequest,
        item.maxLimitRequestRatio,
      ])
        roundUp(amounts);
      if (item.type === 'Container') complete(item);
    },
  },
};

/** What is not limited by default may have the most; what is not requested by default is the limit, or the least. */
function complete(item: LimitRangeItem): void {
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  if (Object.keys(limits).length) item.default = limits;
  if (Object.keys(requests).length) item.defaultRequest = requests;
}
