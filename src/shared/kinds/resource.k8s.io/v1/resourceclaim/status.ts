import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems } from '../../../../meta/names.ts';
import { validNodeSelector } from '../../../core/v1/pod/validate/affinity.ts';
import { validDriverName } from '../../../core/v1/pod/validate/volumeDrivers.ts';
import { goText } from '../../../schema/goText.ts';
import type {
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
  ResourceClaimConsumerReference,
  ResourceV1ResourceClaim,
} from '../../../schema/types.ts';
import { forbidden, notSupported, required } from '../../../validation/causes.ts';
import { checked, immutable } from '../../../validation/rules.ts';
import { requestNames, validReference, validReferences } from '../claimSpec.ts';
import { validList, validSet } from '../lists.ts';
import { validPoolName } from '../names.ts';
import { validConfiguration } from '../opaque.ts';
import { validDevices } from './devices.ts';

const mostReservations = 256;
const mostResults = 32;
const mostConfigs = 64;

export function validateStatus(claim: ResourceV1ResourceClaim, old: ResourceV1ResourceClaim): Cause[] {
  const { allocation, reservedFor = [], devices = [] } = claim.status ?? {};
  const before = old.status?.allocation;
  const causes = [
    ...validSet('status.reservedFor', reservedFor, mostReservations, validConsumer, ({ uid }) => uid),
    ...validDevices('status.devices', devices, allocation),
  ];
  if (reservedFor.length > 0) causes.push(...validReservation(claim, old));
  if (allocation && before) {
    const shown = () => goText('AllocationResult', allocation);
    return [...causes, ...immutable('status.allocation', allocation, before, shown)];
  }
  return allocation
    ? [...causes, ...validAllocation('status.allocation', allocation, requestNames(claim.spec.devices))]
    : causes;
}

const validConsumer = ({ resource, name, uid }: ResourceClaimConsumerReference, at: string): Cause[] => [
  ...(resource ? [] : [required(`${at}.resource`)]),
  ...(name ? [] : [required(`${at}.name`)]),
  ...(uid ? [] : [required(`${at}.uid`)]),
];

const noMore = 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set';

function validReservation({ metadata, status }: ResourceV1ResourceClaim, old: ResourceV1ResourceClaim) {
  const field = 'status.reservedFor';
  if (!status?.allocation) return [forbidden(field, 'may not be specified when `allocated` is not set')];
  const known = new Set((old.status?.reservedFor ?? []).map((each) => JSON.stringify(each)));
  const isMore = (status.reservedFor ?? []).some((each) => !known.has(JSON.stringify(each)));
  return metadata.deletionTimestamp && isMore ? [forbidden(field, noMore)] : [];
}

function validAllocation(at: string, allocation: AllocationResult, names: ReadonlySet<string>): Cause[] {
  const { devices, nodeSelector } = allocation;
  return [
    ...validList(`${at}.devices.results`, devices?.results ?? [], mostResults, (result, path) =>
      validResult(result, path, names),
    ),
    ...validList(`${at}.devices.config`, devices?.config ?? [], mostConfigs, (config, path) =>
      validConfig(config, path, names),
    ),
    ...(nodeSelector ? validNodeSelector(`${at}.nodeSelector`, nodeSelector) : []),
  ];
}

const validResult = (
  { request, driver, pool, device }: DeviceRequestAllocationResult,
  at: string,
  names: ReadonlySet<string>,
): Cause[] => [
  ...validReference(`${at}.request`, request, names),
  ...validDriverName(`${at}.driver`, driver),
  ...validPoolName(`${at}.pool`, pool),
  ...checked(`${at}.device`, device, dns1123LabelProblems),
];

const sources = ['FromClaim', 'FromClass'];

function validConfig(config: DeviceAllocationConfiguration, at: string, names: ReadonlySet<string>): Cause[] {
  const { source, requests, opaque } = config;
  const field = `${at}.source`;
  const causes = source
    ? sources.includes(source)
      ? []
      : [notSupported(field, source, sources)]
    : [required(field)];
  return [
    ...causes,
    ...validReferences(`${at}.requests`, requests, names),
    ...validConfiguration(at, opaque),
  ];
}
