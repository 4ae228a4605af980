import type { Rules } from '../../schema/defaultRules.ts';
import type { DeviceSubRequest, ExactDeviceRequest } from '../../schema/types.ts';

/** One device, unless a request says how many. */
function adjust(request: ExactDeviceRequest | DeviceSubRequest) {
  request.allocationMode ||= 'ExactCount';
  if (request.allocationMode === 'ExactCount') request.count ||= 1;
}

export const resourceDefaults: Rules = {
  ExactDeviceRequest: { adjust },
  DeviceSubRequest: { adjust },
};
