import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems } from '../../../../meta/names.ts';
import { validDriverName } from '../../../core/v1/pod/validate/volumeDrivers.ts';
import type { AllocatedDeviceStatus, AllocationResult, NetworkDeviceData } from '../../../schema/types.ts';
import { invalidValue, tooLong, tooMany } from '../../../validation/causes.ts';
import { validConditions } from '../../../validation/conditions.ts';
import { checked } from '../../../validation/rules.ts';
import { validInterfaceAddress } from '../../../validation/strictIP.ts';
import { validSet } from '../lists.ts';
import { validPoolName } from '../names.ts';
import { validObject } from '../opaque.ts';

const mostConditions = 8;
const mostAddresses = 16;
const longestInterface = 256;
const longestHardwareAddress = 128;

type Identity = Pick<AllocatedDeviceStatus, 'driver' | 'pool' | 'device'>;

const keyOf = ({ driver, pool, device }: Identity): string => `${driver}/${pool}/${device}`;
const shownId = ({ driver, pool, device }: Identity) => ({
  Driver: driver,
  Pool: pool,
  Device: device,
  ShareID: '',
});

/** Checks what drivers say of devices that a claim has. */
export function validDevices(
  field: string,
  devices: readonly AllocatedDeviceStatus[],
  allocation: AllocationResult | undefined,
): Cause[] {
  const allocated = new Set((allocation?.devices?.results ?? []).map(keyOf));
  const check = (device: AllocatedDeviceStatus, at: string) => [
    ...validDevice(device, at),
    ...(allocated.has(keyOf(device))
      ? []
      : [invalidValue(at, shownId(device), 'must be an allocated device in the claim')]),
    ...validDetails(device, at),
  ];
  return validSet(field, devices, Number.POSITIVE_INFINITY, check, keyOf, shownId);
}

const validDevice = ({ driver, pool, device }: AllocatedDeviceStatus, at: string): Cause[] => [
  ...validDriverName(`${at}.driver`, driver),
  ...validPoolName(`${at}.pool`, pool),
  ...checked(`${at}.device`, device, dns1123LabelProblems),
];

function validDetails({ conditions, data, networkData }: AllocatedDeviceStatus, at: string): Cause[] {
  const field = `${at}.conditions`;
  return [
    ...(conditions?.length > mostConditions ? [tooMany(field, conditions.length, mostConditions)] : []),
    ...validConditions(field, conditions ?? []),
    ...(data === undefined ? [] : validObject(`${at}.data`, data)),
    ...(networkData ? validNetwork(`${at}.networkData`, networkData) : []),
  ];
}

function validNetwork(at: string, { interfaceName, hardwareAddress, ips = [] }: NetworkDeviceData): Cause[] {
  const within = (field: string, text = '', most: number) =>
    Buffer.byteLength(text) > most ? [tooLong(`${at}.${field}`, most)] : [];
  return [
    ...within('interfaceName', interfaceName, longestInterface),
    ...within('hardwareAddress', hardwareAddress, longestHardwareAddress),
    ...validSet(
      `${at}.ips`,
      ips,
      mostAddresses,
      (address, path) => validInterfaceAddress(path, address),
      (address) => address,
    ),
  ];
}
