import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../meta/names.ts';
import { validNodeSelector } from '../../../core/v1/pod/validate/affinity.ts';
import { validDriverName } from '../../../core/v1/pod/validate/volumeDrivers.ts';
import { goText } from '../../../schema/goText.ts';
import type { Device, ResourcePool, ResourceSlice, ResourceSliceSpec } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { checked, immutable } from '../../../validation/rules.ts';
import { validSet } from '../lists.ts';
import { validPoolName } from '../names.ts';
import { validAttributes } from './attributes.ts';

const mostDevices = 128;
const mostDetails = 32;

export const validate = ({ spec }: ResourceSlice, old?: ResourceSlice): Cause[] => [
  ...validDriverName('spec.driver', spec.driver),
  ...validPool('spec.pool', spec.pool),
  ...(old ? changes(spec, old.spec) : []),
  ...validPlace('spec', spec),
  ...validSet('spec.devices', spec.devices ?? [], mostDevices, validDevice, ({ name }) => name),
];

/** Names of drivers are compared as they are written. */
export const warnings = ({ spec: { driver } }: ResourceSlice): string[] =>
  driver === driver.toLowerCase()
    ? []
    : [
        `spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`,
      ];

const changes = (spec: ResourceSliceSpec, old: ResourceSliceSpec): Cause[] => [
  ...immutable('spec.pool.name', spec.pool.name, old.pool.name),
  ...immutable('spec.driver', spec.driver, old.driver),
  ...immutable('spec.nodeName', spec.nodeName, old.nodeName),
];

function validPool(at: string, { name, generation, resourceSliceCount: count }: ResourcePool): Cause[] {
  const causes = validPoolName(`${at}.name`, name);
  if (count <= 0) causes.push(invalidValue(`${at}.resourceSliceCount`, count, 'must be greater than zero'));
  if (generation < 0)
    causes.push(invalidValue(`${at}.generation`, generation, 'must be greater than or equal to zero'));
  return causes;
}

const exactlyOne =
  'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';

/** Checks where the devices can be used: on one node, on some or on all. */
function validPlace(at: string, { nodeName, nodeSelector, allNodes }: ResourceSliceSpec): Cause[] {
  const causes: Cause[] = [];
  const set: string[] = [];
  if (nodeName) {
    set.push('`nodeName`');
    causes.push(...checked(`${at}.nodeName`, nodeName, dns1123SubdomainProblems));
  } else if (nodeName !== undefined) {
    causes.push(
      invalidValue(`${at}.nodeName`, nodeName, 'must be either unset or set to a non-empty string'),
    );
  }
  if (nodeSelector) {
    set.push('`nodeSelector`');
    causes.push(...validNodeSelector(`${at}.nodeSelector`, nodeSelector));
    const terms = nodeSelector.nodeSelectorTerms ?? [];
    if (terms.length !== 1) {
      const shown = terms.length > 0 ? terms.map((term) => goText('NodeSelectorTerm', term)) : null;
      const field = `${at}.nodeSelector.nodeSelectorTerms`;
      causes.push(invalidValue(field, shown, 'must have exactly one node selector term'));
    }
  }
  if (allNodes) set.push('`allNodes`');
  else if (allNodes !== undefined)
    causes.push(invalidValue(`${at}.allNodes`, allNodes, 'must be either unset or set to true'));
  if (set.length === 0) return [...causes, required(at, exactlyOne)];
  if (set.length === 1) return causes;
  return [...causes, invalidValue(at, `{${set.join(', ')}}`, `${exactlyOne}, but multiple fields are set`)];
}

function validDevice({ name, attributes = {}, capacity = {} }: Device, at: string): Cause[] {
  const causes = checked(`${at}.name`, name, dns1123LabelProblems);
  const details = Object.keys(attributes).length + Object.keys(capacity).length;
  if (details > mostDetails) {
    const why = `the total number of attributes and capacities must not exceed ${mostDetails}`;
    causes.push(invalidValue(at, details, why));
  }
  return [...causes, ...validAttributes(at, attributes, Object.keys(capacity))];
}
